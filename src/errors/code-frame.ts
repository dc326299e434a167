import { styleText } from 'node:util';
import type { Position } from './problem.ts';
import { type Cell, cells } from './text-width.ts';

/** How a frame is drawn. */
export interface FrameOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const context = 2;

/** The part of a line that fits, with the place in question inside it. */
function visible(
  line: readonly Cell[],
  from: number,
  room: number,
): { cells: Cell[]; left: boolean; right: boolean } {
  const total = line.reduce((sum, { width }) => sum + width, 0);
  if (total <= room) return { cells: [...line], left: false, right: false };
  let before = 0;
  for (const { offset, width } of line) if (offset < from) before += width;
  const start = before < room * 0.7 ? 0 : before - Math.floor(room * 0.4);
  const kept: Cell[] = [];
  let column = 0;
  for (const cell of line) {
    if (column >= start && column + cell.width <= start + room - 4) kept.push(cell);
    column += cell.width;
  }
  return { cells: kept, left: start > 0, right: total > start + room - 4 };
}

/** The lines around a position, numbered, with a caret under what is meant; [] when the position is not in the text. */
export function codeFrame(text: string, at: Position, { colour, width }: FrameOptions): readonly string[] {
  const lines = text.split(/\r\n?|\n/);
  if (lines.at(-1) === '' && lines.length > at.line) lines.pop();
  const line = lines[at.line - 1];
  if (line === undefined) return [];
  const first = Math.max(1, at.line - context);
  const last = Math.min(lines.length, at.line + context);
  const gutter = String(last).length;
  const dim = (words: string) => (colour ? styleText('dim', words, { validateStream: false }) : words);
  const red = (words: string) => (colour ? styleText('red', words, { validateStream: false }) : words);
  const room = Math.max(20, width - gutter - 5);
  const from = at.column - 1;
  const end = from + (at.length ?? 1);
  const result: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const shown = visible(cells(lines[number - 1] ?? ''), number === at.line ? from : 0, room);
    const content = `${shown.left ? '…' : ''}${shown.cells.map((cell) => cell.text).join('')}${shown.right ? '…' : ''}`;
    const here = number === at.line;
    const label = `${here ? '>' : ' '} ${String(number).padStart(gutter)} | `;
    result.push(`${here ? red(label) : dim(label)}${content}`.trimEnd());
    if (!here) continue;
    const before = shown.cells
      .filter(({ offset }) => offset < from)
      .reduce((sum, cell) => sum + cell.width, shown.left ? 1 : 0);
    const under = shown.cells
      .filter(({ offset }) => offset >= from && offset < end)
      .reduce((sum, cell) => sum + cell.width, 0);
    const margin = `  ${' '.repeat(gutter)} | `;
    result.push(`${dim(margin)}${' '.repeat(before)}${red('^'.repeat(Math.max(1, under)))}`);
  }
  return result;
}
