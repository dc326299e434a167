import { controlEscapes } from './control-escapes.ts';
import { boundary, classSet, literal } from './pattern-class.ts';
import { PatternCursor } from './pattern-cursor.ts';

const start = '(?<![\\s\\S])';
const end = '(?![\\s\\S])';

/** How Python would compile an expression: flags, and whether letters and digits are those of ASCII only, as in bytes. */
export interface PatternFlags {
  readonly ignorecase?: boolean;
  readonly multiline?: boolean;
  readonly dotall?: boolean;
  readonly ascii?: boolean;
}

interface Mode {
  ignorecase: boolean;
  multiline: boolean;
  dotall: boolean;
  verbose: boolean;
  ascii: boolean;
}

/** Reads one regular expression of Python's and writes it down for JavaScript's flag `v`. */
export class PatternReader {
  readonly #cursor: PatternCursor;
  #groups = 0;
  #mode: Mode;

  constructor(source: string, flags: PatternFlags) {
    this.#cursor = new PatternCursor(source);
    this.#mode = {
      ignorecase: flags.ignorecase ?? false,
      multiline: flags.multiline ?? false,
      dotall: flags.dotall ?? false,
      ascii: flags.ascii ?? false,
      verbose: false,
    };
  }

  /** The whole of it. Throws SyntaxError. */
  read(): { readonly pattern: string; readonly ignorecase: boolean } {
    const letters = this.#cursor.take(/^\(\?([aiLmsux]+)\)/);
    if (letters?.[1] !== undefined) this.#switch(letters[1], true);
    const { ignorecase } = this.#mode;
    const pattern = this.#alternatives();
    if (!this.#cursor.atEnd) throw new SyntaxError('unbalanced parenthesis');
    return { pattern, ignorecase };
  }

  #switch(letters: string, on: boolean): void {
    if (letters.includes('L')) throw new SyntaxError('the flag L is not supported');
    if (letters.includes('i')) this.#mode.ignorecase = on;
    if (letters.includes('m')) this.#mode.multiline = on;
    if (letters.includes('s')) this.#mode.dotall = on;
    if (letters.includes('x')) this.#mode.verbose = on;
    if (letters.includes('a')) this.#mode.ascii = on;
    if (letters.includes('u')) this.#mode.ascii = !on;
  }

  #alternatives(): string {
    const parts = [this.#sequence()];
    while (this.#cursor.peek() === '|') {
      this.#cursor.skip();
      parts.push(this.#sequence());
    }
    return parts.join('|');
  }

  #sequence(): string {
    let written = '';
    for (;;) {
      if (this.#mode.verbose && this.#cursor.take(/^(?:\s|#[^\n]*(?:\n|$))+/)) continue;
      const character = this.#cursor.peek();
      if (character === '' || character === '|' || character === ')') return written;
      const { text, repeats } = this.#item();
      const count = this.#quantifier();
      if (count !== '' && !repeats) throw new SyntaxError('nothing to repeat');
      written += text + count;
    }
  }

  #quantifier(): string {
    if (this.#mode.verbose) this.#cursor.take(/^(?:\s|#[^\n]*(?:\n|$))+/);
    const [, sign, range, least = '', comma, most = ''] =
      this.#cursor.take(/^(?:([*+?])|(\{(?=[\d,])(\d*)(,)?(\d*)\}))/) ?? [];
    if (sign === undefined && range === undefined) return '';
    const count = sign ?? `{${least === '' ? '0' : least}${comma === undefined ? '' : `,${most}`}}`;
    if (this.#cursor.peek() === '+') throw new SyntaxError('possessive repeats are not supported');
    const lazy = this.#cursor.take(/^\?/) ? '?' : '';
    if (this.#cursor.sees(/^(?:[*+?]|\{\d+(,\d*)?\})/)) throw new SyntaxError('multiple repeat');
    return count + lazy;
  }

  #item(): { readonly text: string; readonly repeats: boolean } {
    const character = this.#cursor.next();
    const plain = (text: string) => ({ text, repeats: true });
    const anchor = (text: string) => ({ text, repeats: false });
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return plain(this.#set());
      case '.':
        return plain(this.#mode.dotall ? '[\\s\\S]' : '[^\\n]');
      case '^':
        return anchor(this.#mode.multiline ? '(?<![^\\n])' : start);
      case '$':
        return anchor(this.#mode.multiline ? '(?![^\\n])' : `(?=\\n?${end})`);
      case '*':
      case '+':
      case '?':
        throw new SyntaxError('nothing to repeat');
      case '\\':
        return this.#escape();
      default:
        return plain(literal(character));
    }
  }

  #group(): { readonly text: string; readonly repeats: boolean } {
    if (!this.#cursor.take(/^\?/)) return this.#closed('(');
    if (this.#cursor.take(/^#[^)]*\)/)) return { text: '', repeats: false };
    const reference = this.#cursor.take(/^P=(\w+)\)/);
    if (reference) return { text: `\\k<${reference[1]}>`, repeats: true };
    const named = this.#cursor.take(/^P<(\w+)>/);
    if (named) return this.#closed(`(?<${named[1]}>`);
    const look = this.#cursor.take(/^(?::|<?[=!])/)?.[0];
    if (look !== undefined) return this.#closed(`(?${look}`, look === ':');
    const [, on, off = ''] = this.#cursor.take(/^([aimsux]*)(?:-([imsx]+))?:/) ?? [];
    if (on === undefined) throw new SyntaxError(`(?${this.#cursor.peek()} is not supported`);
    const outer = { ...this.#mode };
    this.#switch(on, true);
    this.#switch(off, false);
    // Only the case of letters is JavaScript's to know; the rest is written out.
    const changed = this.#mode.ignorecase === outer.ignorecase ? '' : this.#mode.ignorecase ? 'i' : '-i';
    const group = this.#closed(`(?${changed}:`);
    this.#mode = outer;
    return group;
  }

  #closed(opening: string, repeats = true): { readonly text: string; readonly repeats: boolean } {
    const counted = opening === '(' || /^\(\?<\w/.test(opening);
    const outer = { ...this.#mode };
    const inside = this.#alternatives();
    this.#mode = outer;
    if (this.#cursor.peek() !== ')') throw new SyntaxError('missing ), unterminated subpattern');
    this.#cursor.skip();
    if (counted) this.#groups += 1;
    return { text: `${opening}${inside})`, repeats };
  }

  #escape(): { readonly text: string; readonly repeats: boolean } {
    const { ascii } = this.#mode;
    const letter = this.#cursor.peek();
    const anchors: Readonly<Record<string, string>> = { A: start, Z: end };
    if (anchors[letter] !== undefined) {
      this.#cursor.skip();
      return { text: anchors[letter], repeats: false };
    }
    if (letter === 'b' || letter === 'B') {
      this.#cursor.skip();
      return { text: boundary(letter, ascii), repeats: false };
    }
    const set = classSet(letter, ascii);
    if (set !== undefined) {
      this.#cursor.skip();
      return { text: set, repeats: true };
    }
    // Three octal digits are a character, one or two that do not begin with 0 a group.
    const group = this.#cursor.take(/^(?!0|[0-3][0-7]{2})([1-9]\d?)/)?.[1];
    if (group !== undefined) {
      if (Number(group) > this.#groups) throw new SyntaxError(`invalid group reference ${group}`);
      return { text: `(?:\\${group})`, repeats: true };
    }
    return { text: literal(this.#character()), repeats: true };
  }

  // The character that is meant by what stands behind a backslash.
  #character(): string {
    const octal = this.#cursor.take(/^(?:0[0-7]{0,2}|[0-3][0-7]{2})/)?.[0];
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const [, two, four, eight] =
      this.#cursor.take(/^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/) ?? [];
    const code = two ?? four ?? eight;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    const letter = this.#cursor.next();
    const control = controlEscapes[letter];
    if (control !== undefined) return control;
    if (/^[A-Za-z0-9]$/.test(letter)) throw new SyntaxError(`bad escape \\${letter}`);
    return letter;
  }

  #set(): string {
    const negated = this.#cursor.take(/^\^/) ? '^' : '';
    let inside = '';
    for (let first = true; ; first = false) {
      if (this.#cursor.peek() === '') throw new SyntaxError('unterminated character set');
      if (this.#cursor.peek() === ']' && !first) break;
      const low = this.#member();
      const isRange =
        this.#cursor.peek() === '-' && this.#cursor.peek(1) !== ']' && this.#cursor.peek(1) !== '';
      if (!isRange) {
        inside += [...low].length > 1 ? low : literal(low);
        continue;
      }
      this.#cursor.skip();
      const high = this.#member();
      if ([...low].length > 1 || [...high].length > 1 || low > high)
        throw new SyntaxError(`bad character range ${low}-${high}`);
      inside += `${literal(low)}-${literal(high)}`;
    }
    this.#cursor.skip();
    return `[${negated}${inside}]`;
  }

  // One character of a set as itself, or a class as a set of its own.
  #member(): string {
    const character = this.#cursor.next();
    if (character !== '\\') return character;
    const letter = this.#cursor.peek();
    const set = classSet(letter, this.#mode.ascii);
    if (set !== undefined) {
      this.#cursor.skip();
      return set;
    }
    return this.#character();
  }
}
