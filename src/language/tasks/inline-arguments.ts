import { controlEscapes } from '../../python/control-escapes.ts';
import { YamlNode } from '../source/yaml/yaml-node.ts';

/** Options that stand inside a command's text. */
const commandOptions = [
  'creates',
  'removes',
  'chdir',
  'executable',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
  'warn',
];

// A word: quotes and templates hold what would end it.
const word =
  /(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}|\S)+/g;

/** One `name=value` of a text. */
interface Pair {
  readonly name: string;
  readonly value: string;
  readonly at: number;
  readonly end: number;
}

// As Ansible reads a value: what a backslash means, and no quotes around the whole of it.
function unquoted(text: string): string {
  const bare = /^(["'])([\s\S]*)\1$/.exec(text)?.[2] ?? text;
  return bare.replaceAll(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([ntrabfv\\'"]))/g,
    (_all, two?: string, four?: string, letter = '') => {
      const code = two ?? four;
      return code === undefined
        ? (controlEscapes[letter] ?? letter)
        : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}

function pairsIn(text: string): readonly (Pair | undefined)[] {
  return [...text.matchAll(word)].map(({ 0: whole, index }) => {
    const [, name, value] = /^([A-Za-z_][\w-]*)=([\s\S]*)$/.exec(whole) ?? [];
    if (name === undefined || value === undefined) return undefined;
    return { name, value: unquoted(value), at: index, end: index + whole.length };
  });
}

function nodesOf(
  pairs: readonly Pair[],
  place: YamlNode,
): readonly (readonly [string, { keyAt: YamlNode['position']; node: YamlNode }])[] {
  return pairs.map(({ name, value }) => [
    name,
    { keyAt: place.position, node: new YamlNode(value, place.position) },
  ]);
}

/** The arguments of the form `name=nginx state=present`, as texts; undefined when the text is something else. */
export function inlineArguments(place: YamlNode): YamlNode | undefined {
  const pairs = pairsIn(String(place.value));
  const whole = pairs.every((pair) => pair !== undefined) && pairs.length > 0;
  return whole ? place.withEntries(nodesOf(pairs, place)) : undefined;
}

/** A command's text without the options that stand in it, and these. */
export function commandArguments(place: YamlNode, freeform: string): YamlNode {
  const text = String(place.value);
  const options = pairsIn(text).filter(
    (pair) => pair !== undefined && commandOptions.includes(pair.name),
  ) as Pair[];
  let rest = '';
  let from = 0;
  for (const { at, end } of options) {
    rest += text.slice(from, at);
    from = end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0);
  }
  rest += text.slice(from);
  const command = options.length === 0 ? place : place.withValue(rest.trim());
  const kept = options.filter(({ name }) => name !== 'warn');
  const own = rest.trim() === '' ? [] : [[freeform, { keyAt: place.position, node: command }] as const];
  return place.withEntries([...own, ...nodesOf(kept, place)]);
}
