import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position } from '../../errors/problem.ts';
import { braces } from '../../jinja/values/template-marks.ts';
import type { VariableLayer } from '../model.ts';
import { LineIndex } from '../source/yaml/line-index.ts';
import { YamlNode } from '../source/yaml/yaml-node.ts';
import { hostAndPort } from './host-port.ts';
import type { InventoryDraft } from './inventory-draft.ts';

/** A value as Ansible reads it in INI files: Python's literals, everything else is text. */
export function iniValue(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted) return quoted[2];
  if (/^[-+]?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'True') return true;
  if (text === 'False') return false;
  if (text === 'None') return null;
  if (!/^[[{].*[\]}]$/s.test(text) || text.startsWith('{{')) return text;
  try {
    return JSON.parse(
      text
        .replaceAll("'", '"')
        .replaceAll(/\bTrue\b/g, 'true')
        .replaceAll(/\bFalse\b/g, 'false'),
    );
  } catch {
    return text;
  }
}

interface Word {
  readonly text: string;
  readonly start: number;
}

const word = new RegExp(String.raw`(?:${braces}|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+|["']`, 'g');

/** Splits a line as a shell would: quotes hold blanks together, # begins a comment. */
function words(line: string): readonly Word[] {
  const found: Word[] = [];
  for (const match of line.matchAll(word)) {
    if (match[0].startsWith('#')) break;
    found.push({ text: match[0], start: match.index });
  }
  return found;
}

function unquoted(text: string): string {
  return text.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
    double === undefined ? (single ?? '') : double.replaceAll(/\\(.)/g, '$1'),
  );
}

type Section = { readonly group: string; readonly kind: 'hosts' | 'vars' | 'children' };

/** Reads the lines of an INI inventory one by one. */
class IniReader {
  readonly #draft: InventoryDraft;
  readonly #lines: LineIndex;
  #section: Section | undefined = { group: 'ungrouped', kind: 'hosts' };

  constructor(draft: InventoryDraft, lines: LineIndex) {
    this.#draft = draft;
    this.#lines = lines;
  }

  read(): void {
    const count = this.#lines.text.split(/\r\n?|\n/).length;
    for (let number = 1; number <= count; number += 1) {
      const line = this.#lines.line(number);
      const text = line.trim();
      if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
      // `[fd00::1]:22` is a host, not a header.
      if (text.startsWith('[') && hostAndPort(words(line)[0]?.text ?? '').port === undefined)
        this.#header(number, line);
      else if (this.#section?.kind === 'hosts') this.#host(number, line, this.#section.group);
      else if (this.#section?.kind === 'vars') this.#variable(number, line, this.#section.group);
      else if (this.#section) this.#child(number, line, this.#section.group);
    }
  }

  #at(number: number, start: number, length: number): Position {
    const offset = this.#lines.lineStart(number) + start;
    return this.#lines.position(offset, offset + length);
  }

  #header(number: number, line: string): void {
    const start = line.indexOf('[');
    const match = /^\s*\[([^\]:\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$/.exec(line);
    const [, group, kind = 'hosts'] = match ?? [];
    const at = this.#at(number, start, line.trim().length);
    this.#section = undefined;
    if (group === undefined) {
      const hint = 'write [GROUP], [GROUP:vars] or [GROUP:children]';
      this.#draft.loading.report({
        code: 'inventory-syntax',
        message: 'this is not the header of a section',
        at,
        hint,
      });
    } else if (kind === 'hosts' || kind === 'vars' || kind === 'children') {
      this.#draft.group(group, at);
      this.#section = { group, kind };
    } else {
      const hint = didYouMean(kind, ['vars', 'children', 'hosts']);
      this.#draft.loading.report({
        code: 'unknown-key',
        message: `a section cannot be ':${kind}'`,
        at,
        ...(hint && { hint }),
      });
    }
  }

  #host(number: number, line: string, group: string): void {
    const [first, ...rest] = words(line);
    if (!first) return;
    const variables = new Map<string, YamlNode>();
    const at = this.#at(number, first.start, first.text.length);
    for (const { text, start } of rest) {
      const equals = text.indexOf('=');
      const here = this.#at(number, start, text.length);
      if (equals < 1) {
        const hint = first.text.includes('=')
          ? undefined
          : 'a line is a host and its variables as name=value';
        const message = `'${text}' is not of the form name=value`;
        this.#draft.loading.report({ code: 'inventory-syntax', message, at: here, ...(hint && { hint }) });
        continue;
      }
      const value = text.slice(equals + 1);
      const literal = /^(["']).*\1$/s.test(value) ? unquoted(value) : iniValue(unquoted(value));
      variables.set(
        text.slice(0, equals),
        new YamlNode(literal, this.#at(number, start + equals + 1, value.length)),
      );
    }
    const layer: VariableLayer = { origin: `vars of host ${hostAndPort(first.text).name}`, variables };
    this.#draft.addHosts(first.text, group, layer, at);
  }

  #variable(number: number, line: string, group: string): void {
    const match = /^(\s*)([A-Za-z_]\w*)(\s*=\s*)(.*?)\s*$/.exec(line);
    const [, indent = '', name, equals = '', written = ''] = match ?? [];
    if (name === undefined) {
      const at = this.#at(number, line.length - line.trimStart().length, line.trim().length);
      const hint = 'write name = value';
      this.#draft.loading.report({ code: 'inventory-syntax', message: 'this is not a variable', at, hint });
      return;
    }
    const value = written.replace(/\s+#.*$/, '');
    const start = indent.length + name.length + equals.length;
    const node = new YamlNode(iniValue(value), this.#at(number, start, Math.max(1, value.length)));
    const layer: VariableLayer = { origin: `vars of group ${group}`, variables: new Map([[name, node]]) };
    this.#draft.group(group, undefined).layers.push(layer);
  }

  #child(number: number, line: string, group: string): void {
    const [first, second] = words(line);
    if (!first) return;
    if (second) {
      const at = this.#at(number, second.start, second.text.length);
      const hint = `put variables of a group under [${first.text}:vars]`;
      this.#draft.loading.report({ code: 'inventory-syntax', message: 'one group per line', at, hint });
    }
    this.#draft.child(group, first.text, this.#at(number, first.start, first.text.length), false);
  }
}

/** Reads an inventory in INI form: `[group]`, `[group:vars]`, `[group:children]`, `host name=value`. */
export function readIniInventory(draft: InventoryDraft, file: string, text: string): void {
  new IniReader(draft, new LineIndex(file, text)).read();
}
