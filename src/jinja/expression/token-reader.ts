import type { Span, TemplateError } from '../values/template-error.ts';
import { syntaxError, type Token } from './expression-lexer.ts';

// Deeper than any real expression; a hostile one must not exhaust the stack.
const maxDepth = 200;

/** From the beginning of one part to the end of another. */
export function spanOf(first: { readonly at: number }, last: { readonly end: number }): Span {
  return { at: first.at, end: last.end };
}

/** Goes through the words of an expression. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #token: Token;

  constructor(tokens: readonly Token[]) {
    const [first] = tokens;
    if (!first) throw new Error('an expression has no end');
    this.#tokens = tokens;
    this.#token = first;
  }

  /** The word that comes next. */
  get token(): Token {
    return this.#token;
  }

  /** The word that was taken last. */
  get last(): Token {
    return this.#tokens[this.#next - 1] ?? this.token;
  }

  get atEnd(): boolean {
    return this.token.kind === 'end';
  }

  /** Takes the next word, whatever it is. */
  take(): Token {
    const token = this.#token;
    this.#next += 1;
    // Behind the last word, its end, there is only itself.
    this.#token = this.#tokens[this.#next] ?? token;
    return token;
  }

  /** Whether the next word is this sign or name. */
  is(text: string): boolean {
    const { kind, text: word } = this.#token;
    return word === text && (kind === 'operator' || kind === 'name');
  }

  /** Whether the word after the next one is this. */
  isFollowedBy(text: string): boolean {
    return this.#tokens[this.#next + 1]?.text === text;
  }

  /** Takes the next word if it is this one. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  /** Takes this word or throws. */
  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(`'${text}' is missing`);
  }

  /** Takes a name or throws. */
  name(): Token {
    if (this.token.kind !== 'name') throw this.unexpected('a name is missing');
    return this.take();
  }

  /** Throws unless all words were taken. */
  end(): void {
    if (!this.atEnd) throw this.unexpected(`'${this.token.text}' was not expected here`);
  }

  /** Reads a part that may hold parts of its own kind; throws when they go too deep. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw this.unexpected('the expression is nested too deeply');
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** The error of the word that comes next. */
  unexpected(message: string): TemplateError {
    const { at, end, text } = this.token;
    const hint = text === '=' ? "write '==' to compare" : undefined;
    return syntaxError(message, at, Math.max(end, at + 1), hint);
  }
}
