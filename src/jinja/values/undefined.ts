import { type Span, TemplateError } from './template-error.ts';

/**
 * A name, key or item that is not there. It may be tested and given a default, its parts are undefined too;
 * any other use throws its error.
 */
export class Undefined {
  readonly #message: string;
  readonly #hint: (() => string | undefined) | undefined;
  readonly #span: Span | undefined;
  #cause: TemplateError | undefined;

  /** What a variable is whose own template uses something undefined; using it throws that template's error. */
  static because(cause: TemplateError): Undefined {
    const value = new Undefined(cause.message);
    value.#cause = cause;
    return value;
  }

  constructor(message: string, span?: Span, hint?: () => string | undefined) {
    this.#message = message;
    this.#span = span;
    this.#hint = hint;
  }

  /** The error of using it. */
  error(): TemplateError {
    if (this.#cause) return this.#cause;
    return new TemplateError(this.#message, this.#span, { code: 'undefined-variable', hint: this.#hint?.() });
  }
}

/** What `'x' if false` without an else gives: undefined to tests and defaults, empty text to everything else. */
export const nothing = new Undefined('the condition is false and there is no else');

/** The value, unless it is undefined: then its error is thrown. */
export function defined(value: unknown): unknown {
  if (value === nothing) return '';
  if (value instanceof Undefined) throw value.error();
  return value;
}
