import { defined } from '../values/undefined.ts';
import { isMapping, textOf } from '../values/value.ts';
import { styleOf } from './yaml-style.ts';

/** How YAML is laid out. */
export interface YamlLayout {
  readonly indent: number;
  readonly width: number;
  /** Every list and mapping on lines of its own; without it those of nothing but texts and numbers stand in brackets. */
  readonly block: boolean;
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** Writes values as PyYAML does, to the byte: Ansible's `to_yaml` and `to_nice_yaml` are that. */
class YamlWriter {
  readonly #layout: YamlLayout;
  #text = '';
  #column = 0;

  constructor(layout: YamlLayout) {
    this.#layout = layout;
  }

  document(value: unknown): string {
    this.#node(value, 0, { flow: false, above: undefined });
    return `${this.#text}\n`;
  }

  #write(text: string): void {
    this.#text += text;
    this.#column += [...text].length;
  }

  #line(indent: number): void {
    this.#text += `\n${' '.repeat(indent)}`;
    this.#column = indent;
  }

  /** @param above what it is part of: an item behind a dash goes on in its line, a value begins a new one */
  #node(
    given: unknown,
    indent: number,
    { flow, above }: { readonly flow: boolean; readonly above: 'list' | 'mapping' | undefined },
  ): void {
    const value = defined(given);
    const whole = Array.isArray(value) ? value : isMapping(value) ? Object.entries(value) : undefined;
    if (!whole) {
      this.#space(above);
      this.#scalar(value, indent + this.#layout.indent, flow, false);
    } else if (flow || whole.length === 0 || this.#inBrackets(value)) {
      this.#space(above);
      this.#brackets(value, indent + this.#layout.indent);
    } else if (Array.isArray(value)) this.#list(value, indent, above);
    else this.#mapping(whole as readonly [string, unknown][], indent, above);
  }

  #space(above: 'list' | 'mapping' | undefined): void {
    if (above !== undefined) this.#write(' ');
  }

  #inBrackets(value: unknown): boolean {
    if (this.#layout.block) return false;
    const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value as object);
    return parts.every((part) => !Array.isArray(part) && !isMapping(part));
  }

  // Moves to the place of the first part of a list or mapping.
  #begin(indent: number, above: 'list' | 'mapping' | undefined): void {
    if (above === 'mapping') this.#line(indent);
    else if (above === 'list') this.#write(' '.repeat(Math.max(0, indent - this.#column)));
  }

  #list(items: readonly unknown[], indent: number, above: 'list' | 'mapping' | undefined): void {
    const own = above === 'list' ? indent + this.#layout.indent : indent;
    for (const [index, item] of items.entries()) {
      if (index === 0) this.#begin(own, above);
      else this.#line(own);
      this.#write('-');
      this.#node(item, own, { flow: false, above: 'list' });
    }
  }

  #mapping(
    entries: readonly (readonly [string, unknown])[],
    indent: number,
    above: 'list' | 'mapping' | undefined,
  ): void {
    const own = above === undefined ? indent : indent + this.#layout.indent;
    for (const [index, [key, value]] of entries.entries()) {
      if (index === 0) this.#begin(own, above);
      else this.#line(own);
      const long = key.length > 128 || /[\n\r\x85\u2028\u2029]/.test(key);
      if (long) {
        this.#write('? ');
        this.#scalar(key, own + this.#layout.indent, false, false);
        this.#line(own);
      } else this.#scalar(key, own, false, true);
      this.#write(':');
      this.#node(value, own, { flow: false, above: long ? 'list' : 'mapping' });
    }
  }

  #brackets(value: unknown, indent: number): void {
    const list = Array.isArray(value);
    const parts: readonly (readonly [string | undefined, unknown])[] = list
      ? value.map((item) => [undefined, item])
      : Object.entries(value as object);
    this.#write(list ? '[' : '{');
    for (const [index, [key, item]] of parts.entries()) {
      if (index > 0) this.#write(',');
      if (this.#column > this.#layout.width) this.#line(indent);
      else if (index > 0) this.#write(' ');
      if (key !== undefined) {
        this.#scalar(key, indent, true, true);
        this.#write(':');
        this.#write(' ');
      }
      this.#node(item, indent, { flow: true, above: undefined });
    }
    this.#write(list ? ']' : '}');
  }

  #scalar(value: unknown, indent: number, flow: boolean, key: boolean): void {
    if (typeof value !== 'string') this.#write(plainText(value));
    else if (styleOf(value, { flow, key }) === 'double') this.#doubleQuoted(value, indent, key);
    else this.#folded(value, indent, { quote: styleOf(value, { flow, key }) === 'single' ? "'" : '', key });
  }

  #folded(
    value: string,
    indent: number,
    { quote, key }: { readonly quote: string; readonly key: boolean },
  ): void {
    this.#write(quote);
    // Alternately what stands between spaces and line breaks, and these.
    const parts = value.split(/( +|[\n\x85\u2028\u2029]+)/);
    for (const [index, part] of parts.entries()) {
      if (part === '') continue;
      if (index % 2 === 0) this.#write(quote === '' ? part : part.replaceAll("'", "''"));
      else if (part.startsWith(' ')) {
        const atEnd =
          (parts[index - 1] === '' && index === 1) || (parts[index + 1] === '' && index === parts.length - 2);
        if (part === ' ' && this.#column > this.#layout.width && !key && !atEnd) this.#line(indent);
        else this.#write(part);
      } else {
        this.#text += part.startsWith('\n') ? `\n${part}` : part;
        this.#text += ' '.repeat(indent);
        this.#column = indent;
      }
    }
    this.#write(quote);
  }

  #doubleQuoted(text: string, indent: number, key: boolean): void {
    const characters = [...text];
    this.#write('"');
    for (const [index, character] of characters.entries()) {
      const mayBreak = character === ' ' && index > 0 && index < characters.length - 1 && !key;
      if (mayBreak && characters[index - 1] !== ' ' && this.#column > this.#layout.width) {
        this.#line(indent);
        if (characters[index + 1] === ' ') this.#write('\\');
      } else
        this.#write(
          /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(character)
            ? plainOr(character)
            : escaped(character),
        );
    }
    this.#write('"');
  }
}

function plainOr(character: string): string {
  return escapes[character] === undefined ? character : escaped(character);
}

function escaped(character: string): string {
  const known = escapes[character];
  if (known !== undefined) return `\\${known}`;
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  return textOf(value);
}

/** A value as YAML, as PyYAML writes it; ends with a line break. */
export function yamlText(value: unknown, layout: YamlLayout): string {
  return new YamlWriter(layout).document(value);
}
