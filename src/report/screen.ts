import { hangingLines } from './fitted-text.ts';
import type { Paint } from './paint.ts';

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
  /** What is going on now, as rows for a width in columns. */
  running(rows: (width: number) => readonly string[]): void;
  /** Leaves the terminal to somebody else, for a question, until the promise settles. */
  aside<T>(other: () => Promise<T>): Promise<T>;
  /** Takes the live rows away; later lines are written at once. */
  end(): Promise<void>;
}

// Milliseconds without a line after which a run shows that it goes on.
const silence = 30_000;
// Rows of such a sign: how far it is, and what takes longest.
const mostRows = 3;

/** A screen without live rows: for files, pipes and logs. */
export class PlainScreen implements Screen {
  readonly #stdout: Output;
  readonly #stderr: Output;
  #timer: NodeJS.Timeout | undefined;

  constructor(stdout: Output, stderr: Output) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  result(lines: readonly string[]): void {
    this.#timer?.refresh();
    writeLines(this.#stdout, lines);
  }

  progress(lines: readonly string[]): void {
    this.#timer?.refresh();
    writeLines(this.#stderr, lines);
  }

  /** Shows what is going on whenever nothing else was shown for a while. */
  running(rows: (width: number) => readonly string[]): void {
    clearInterval(this.#timer);
    const sign = () => writeLines(this.#stderr, rows(this.#stderr.width).slice(0, mostRows));
    this.#timer = setInterval(sign, silence).unref();
  }

  aside<T>(other: () => Promise<T>): Promise<T> {
    return other();
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
  }
}

/** Writes lines in one piece; nothing for none. */
export function writeLines(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.stream.write(`${lines.join('\n')}\n`);
}

/** Writes lines for a person: a terminal would break them in the middle of a word. */
export function writeFitted(output: Output, lines: readonly string[]): void {
  const { stream, width } = output;
  writeLines(output, stream.isTTY ? lines.flatMap((line) => hangingLines(line, width)) : lines);
}
