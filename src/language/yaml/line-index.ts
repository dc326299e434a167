import type { Position } from '../../errors/problem.ts';

/** Turns offsets of a file's text into positions. */
export class LineIndex {
  readonly file: string;
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#starts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map((match) => match.index + match[0].length)];
  }

  /** The position of an offset; `end` (exclusive) gives the length, cut at the end of the line. */
  position(offset: number, end = offset + 1): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = this.#starts[low] ?? 0;
    const lineEnd = start + this.line(low + 1).length;
    const length = Math.max(1, Math.min(end, lineEnd) - offset);
    return { file: this.file, line: low + 1, column: offset - start + 1, length };
  }

  /** The text of a line (from 1), without its line break. */
  line(number: number): string {
    const start = this.#starts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, this.#starts[number] ?? this.text.length).replace(/[\r\n]+$/, '');
  }

  /** Offset at which a line (from 1) begins. */
  lineStart(number: number): number {
    return this.#starts[number - 1] ?? this.text.length;
  }
}
