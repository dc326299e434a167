/** A place in a configuration's text that moves on over the words of rsyslog's two languages. */
export class TextCursor {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get line(): number {
    return this.#line;
  }

  /** The character that comes; empty at the end. */
  get next(): string {
    return this.#text[this.#at] ?? '';
  }

  /** Nothing but spaces stands before it on its line. */
  get beginsLine(): boolean {
    const start = this.#text.lastIndexOf('\n', this.#at - 1) + 1;
    return this.#at === 0 || this.#text.slice(start, this.#at).trim() === '';
  }

  take(count = 1): string {
    const taken = this.#text.slice(this.#at, this.#at + count);
    this.#at += count;
    this.#line += taken.split('\n').length - 1;
    return taken;
  }

  /** Goes over spaces and comments; false at the end. */
  skipSpace(): boolean {
    for (;;) {
      const skipped = this.#match(/\s+|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))/y);
      if (skipped === undefined) return this.#at < this.#text.length;
      this.take(skipped.length);
    }
  }

  /** Goes over a string of an expression; a quote that is not closed on its line stands for itself. */
  skipString(): void {
    this.take(this.#match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y)?.length ?? 1);
  }

  /** A quoted value of a parameter, which may go over several lines. */
  takeString(): string {
    const found = this.#match(/"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`/y);
    if (found === undefined) {
      this.take();
      return '';
    }
    this.take(found.length);
    return found.slice(1, -1).replace(/\\([\s\S])/g, '$1');
  }

  /** A word of a rule, up to what may end one. */
  takeWord(): string {
    return this.take(this.#match(/[^\s"'{}(),;]+/y)?.length ?? 0);
  }

  takeParameterName(): string {
    return this.take(this.#match(/[A-Za-z0-9_.]+/y)?.length ?? 0);
  }

  /** What belongs to a legacy target behind its @: options in parentheses, an address in brackets, a port. */
  restOfTarget(word: string): string {
    if (!/^@@?$/.test(word)) return '';
    return this.take(this.#match(/\([^)\n]*\)[^\s;]*/y)?.length ?? 0);
  }

  /** Takes the parenthesis that begins parameters, with the spaces before it; false, and nothing taken, when there is none. */
  beginsParameters(): boolean {
    const found = this.#match(/\s*\(/y);
    if (found !== undefined) this.take(found.length);
    return found !== undefined;
  }

  /** The rest of a line, and the lines that a backslash at its end joins to it. */
  takeLegacyLine(): string {
    return this.take(this.#match(/(?:[^\n\\]|\\[\s\S])*/y)?.length ?? 0).replaceAll('\\\n', '');
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }
}
