import { ExpectedError } from './expected-error.ts';
import type { problemCodes } from './problem-codes.ts';

/** A place in a file that the user wrote; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters of the line the problem covers; 1 if unknown. */
  readonly length?: number;
}

/**
 * The codes of problems by who gives them; a domain declares a member of its own.
 * @public
 */
export interface ProblemCodes {
  readonly engine: keyof typeof problemCodes;
}

export type ProblemCode = ProblemCodes[keyof ProblemCodes];

/** One thing that is wrong, with all that the reader needs to fix it. */
export interface Problem {
  /** Stable name of the kind of problem, e.g. `unknown-key`. */
  readonly code: ProblemCode;
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
  readonly at?: Position;
  /** Why it is wrong or why it matters. */
  readonly why?: string;
  /** What to do next, e.g. `did you mean 'notify'?`. */
  readonly hint?: string;
}

/** Thrown with every problem of a stage at once; exit code 1. */
export class ProvisionError extends ExpectedError {
  readonly problems: readonly Problem[];
  /** Texts of the files that the problems point into, for code frames. */
  readonly sources: ReadonlyMap<string, string>;

  constructor(problems: readonly Problem[], sources: ReadonlyMap<string, string> = new Map()) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
    this.sources = sources;
  }
}
