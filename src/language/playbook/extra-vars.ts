import { resolve } from 'node:path';
import { braces } from '../../jinja/values/template-marks.ts';
import type { VariableLayer } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import { YamlNode } from '../source/yaml/yaml-node.ts';

const pair = new RegExp(String.raw`([A-Za-z_]\w*)=("(?:\\.|[^"\\])*"|'[^']*'|(?:${braces}|\S)*)`, 'y');

/** Reads `a=1 b="two words"`; undefined when the text is not of that form. Values are text, as in Ansible. */
function readPairs(text: string, file: string): readonly (readonly [string, YamlNode])[] | undefined {
  const found: (readonly [string, YamlNode])[] = [];
  let offset = 0;
  for (;;) {
    while (/\s/.test(text[offset] ?? '')) offset += 1;
    if (offset >= text.length) return found.length > 0 ? found : undefined;
    pair.lastIndex = offset;
    const match = pair.exec(text);
    const [whole, name, written = ''] = match ?? [];
    if (whole === undefined || name === undefined) return undefined;
    const value = /^(["']).*\1$/s.test(written)
      ? written.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')
      : written;
    const at = { file, line: 1, column: offset + name.length + 2, length: Math.max(1, written.length) };
    found.push([name, new YamlNode(value, at)]);
    offset += whole.length;
  }
}

function readOne(loading: Loading, option: string, number: number): readonly (readonly [string, YamlNode])[] {
  const file = number === 1 ? '--extra-vars' : `--extra-vars (${number})`;
  loading.sources.set(file, option);
  if (option.startsWith('@')) {
    const from = { file, line: 1, column: 1, length: option.length };
    const node = loading.mapping(resolve(option.slice(1)), 'a file of extra variables', from);
    return node ? node.entries() : [];
  }
  const text = option.trim();
  if (!/^[{[]/.test(text)) {
    const pairs = readPairs(option, file);
    if (pairs) return pairs;
  }
  const node = /^[{[]|:\s/.test(text) ? loading.parse(file, option) : undefined;
  if (node?.isMapping()) return node.entries();
  if (!loading.problems.some(({ at }) => at?.file === file)) {
    loading.report({
      code: 'wrong-extra-vars',
      message: 'extra variables are not in a form that can be read',
      at: { file, line: 1, column: 1, length: option.length },
      hint: 'write name=value, @file.yml, or JSON such as \'{"port": 514}\'',
    });
  }
  return [];
}

/** Variables from the command line, which win over everything; later options win over earlier ones. */
export function readExtraVars(loading: Loading, options: readonly string[]): VariableLayer {
  const entries = options.flatMap((option, index) => readOne(loading, option, index + 1));
  return { origin: 'extra vars', variables: new Map(entries) };
}
