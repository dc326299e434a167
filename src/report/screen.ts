import type { Paint } from './paint.ts';
import type { TaskTally } from './task-tally.ts';

/** One of the two streams that a person sees. */
export interface Output {
  readonly stream: NodeJS.WriteStream;
  readonly paint: Paint;
  /** Columns; 80 where nobody knows. */
  readonly width: number;
}

/** Where lines go, and where a live view may keep rows below them. */
export interface Screen {
  /** For stdout: what the run was asked to show. */
  result(lines: readonly string[]): void;
  /** For stderr: how it goes. */
  progress(lines: readonly string[]): void;
  /** The tasks that are running now. */
  running(tallies: () => readonly TaskTally[]): void;
  /** Leaves the terminal to somebody else, for a question, until the promise settles. */
  aside<T>(other: () => Promise<T>): Promise<T>;
  /** Takes the live rows away; later lines are written at once. */
  end(): Promise<void>;
}

/** A screen without live rows: for files, pipes and logs. */
export class PlainScreen implements Screen {
  readonly #stdout: Output;
  readonly #stderr: Output;

  constructor(stdout: Output, stderr: Output) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  result(lines: readonly string[]): void {
    writeLines(this.#stdout, lines);
  }

  progress(lines: readonly string[]): void {
    writeLines(this.#stderr, lines);
  }

  running(): void {}

  aside<T>(other: () => Promise<T>): Promise<T> {
    return other();
  }

  async end(): Promise<void> {}
}

/** Writes lines in one piece; nothing for none. */
export function writeLines(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.stream.write(`${lines.join('\n')}\n`);
}
