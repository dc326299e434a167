/** Where the reading of an expression has come to, by whole characters. */
export class PatternCursor {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#characters = [...source];
  }

  get atEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** The character that comes, without taking it; '' behind the last one. */
  peek(ahead = 0): string {
    return this.#characters[this.#at + ahead] ?? '';
  }

  /** Takes the character that comes. Throws SyntaxError behind the last one. */
  next(): string {
    const character = this.peek();
    if (character === '') throw new SyntaxError('the expression ends too soon');
    this.#at += 1;
    return character;
  }

  /** Takes a character that was looked at before. */
  skip(): void {
    this.#at += 1;
  }

  /** Whether what comes fits; the pattern must begin with ^. */
  sees(pattern: RegExp): boolean {
    return pattern.test(this.#rest());
  }

  /** Takes what comes if it fits; the pattern must begin with ^. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#rest());
    if (!found) return undefined;
    this.#at += [...found[0]].length;
    return found;
  }

  #rest(): string {
    return this.#characters.slice(this.#at).join('');
  }
}
