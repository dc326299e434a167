import type { Position } from '../../../errors/problem.ts';

/** Turns offsets of a file's text into positions. */
export class LineIndex {
  readonly file: string;
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#starts = text.includes('\r') ? startsAfter(text, /\r\n?|\n/g) : startsAfterNewlines(text);
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
    const length = Math.max(1, Math.min(end, this.#end(low)) - offset);
    return { file: this.file, line: low + 1, column: offset - start + 1, length };
  }

  /** The text of a line (from 1), without its line break. */
  line(number: number): string {
    const start = this.#starts[number - 1];
    return start === undefined ? '' : this.text.slice(start, this.#end(number - 1));
  }

  // Where a line (from 0) ends, before its line break.
  #end(line: number): number {
    const start = this.#starts[line] ?? this.text.length;
    let end = this.#starts[line + 1] ?? this.text.length;
    while (end > start && isBreak(this.text.charCodeAt(end - 1))) end -= 1;
    return end;
  }

  /** Offset at which a line (from 1) begins. */
  lineStart(number: number): number {
    return this.#starts[number - 1] ?? this.text.length;
  }
}

function isBreak(unit: number): boolean {
  return unit === 10 || unit === 13;
}

function startsAfter(text: string, breaks: RegExp): readonly number[] {
  return [0, ...[...text.matchAll(breaks)].map((match) => match.index + match[0].length)];
}

function startsAfterNewlines(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
