import { ExpectedError } from '../../errors/expected-error.ts';
import type { Position, Problem, ProblemCode } from '../../errors/problem.ts';

/** A stretch of a template's text: offsets of its first character and behind its last. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** Code, reason and advice of a TemplateError. */
export interface TemplateErrorDetails {
  readonly code?: ProblemCode;
  readonly why?: string | undefined;
  readonly hint?: string | undefined;
}

/** A template or expression is broken or cannot be evaluated; gains its span and place on the way out. */
export class TemplateError extends ExpectedError {
  readonly code: ProblemCode;
  readonly why: string | undefined;
  readonly hint: string | undefined;
  /** Where in the text; undefined until the part that failed is known. */
  span: Span | undefined;
  /** Where in a file; undefined until the text's own place is known. */
  place: Position | undefined;
  /** The expression that it is a part of, as it is written; undefined until then, too. */
  expression: string | undefined;

  constructor(message: string, span?: Span, details: TemplateErrorDetails = {}) {
    super(message);
    this.code = details.code ?? 'template-failed';
    this.why = details.why;
    this.hint = details.hint;
    this.span = span && { at: span.at, end: span.end };
    this.place = undefined;
    this.expression = undefined;
  }

  /** The error as a problem to show; `at` serves when the exact place is not known. */
  problem(at: Position | undefined): Problem {
    const place = this.place ?? at;
    return {
      code: this.code,
      message: this.message,
      ...(place && { at: place }),
      ...(this.why !== undefined && { why: this.why }),
      ...(this.hint !== undefined && { hint: this.hint }),
    };
  }
}

/** Runs code and gives an error that it throws the span of the part that ran, unless a smaller part is known. */
export function within<T>(span: Span, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError) error.span ??= { at: span.at, end: span.end };
    throw error;
  }
}
