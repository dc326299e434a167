import { isAbsolute, relative } from 'node:path';
import { durationText } from '../../report/duration-text.ts';
import { padTo, textWidth } from '../../report/fitted-text.ts';
import type { Paint, Style } from '../../report/paint.ts';
import type { RunSummary } from '../run-record.ts';

/** How a list of runs is shown. */
export interface ListView {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Paths are shown from here where they lie below it. */
  readonly directory: string;
}

const columns = ['run', 'when', 'command', 'playbook', 'hosts', 'changed', 'failed', 'took', 'ended'];
const toTheRight = new Set(['run', 'hosts', 'changed', 'failed', 'took']);

// Columns from which on the year has room.
const roomy = 100;

/** A table of runs, a line for each, the newest first. */
export function runList(
  runs: readonly RunSummary[],
  { paint, width, directory }: ListView,
): readonly string[] {
  // A narrow screen has no room for all.
  const heads = columns.filter((head) => width >= roomy || head !== 'hosts');
  const cells = runs.map((run) => [
    String(run.id),
    width < roomy ? localTime(run.started).slice(5) : localTime(run.started),
    run.command,
    shownPath(run.playbook, directory),
    ...(width >= roomy ? [String(run.hosts)] : []),
    String(run.changed),
    String(run.failed + run.unreachable),
    run.duration === undefined ? '' : durationText(run.duration),
    endWord(run),
  ]);
  const widths = heads.map((head, column) =>
    Math.max(textWidth(head), ...cells.map((row) => textWidth(row[column] ?? ''))),
  );
  const path = heads.indexOf('playbook');
  const others = widths.reduce(
    (sum, one, column) => (column === path ? sum : sum + one),
    2 * (heads.length - 1),
  );
  widths[path] = Math.max(8, Math.min(widths[path] ?? 0, width - others));
  const line = (row: readonly string[], style?: Style): string =>
    row
      .map((cell, column) => {
        const head = heads[column] ?? '';
        const most = widths[column] ?? 0;
        const fitted = column === path ? fromTheEnd(cell, most) : cell;
        const text = toTheRight.has(head) ? fitted.padStart(most) : padTo(fitted, most);
        return style && head === 'ended' ? paint(style, text) : text;
      })
      .join('  ')
      .trimEnd();
  return [paint('dim', line(heads)), ...cells.map((row, index) => line(row, styleOf(runs[index])))];
}

/** How a run ended, in a word or two. */
export function endText(run: RunSummary): string {
  return endWord(run).replace(/^code/, 'exit code');
}

function endWord({ state, exitCode = 0 }: RunSummary): string {
  return state === 'ended' ? (endings.get(exitCode) ?? `code ${exitCode}`) : state;
}

const endings: ReadonlyMap<number, string> = new Map([
  [0, 'ok'],
  [124, 'timeout'],
  [130, 'stopped'],
]);

function styleOf(run: RunSummary | undefined): Style {
  if (run?.state === 'running') return 'cyan';
  return run?.exitCode === 0 ? 'green' : 'red';
}

/** A path from a directory where it lies below it, else as it is. */
export function shownPath(path: string, directory: string): string {
  if (!isAbsolute(path)) return path;
  const below = relative(directory, path);
  return below.startsWith('..') ? path : below;
}

// The end of a path says more than its beginning.
function fromTheEnd(path: string, width: number): string {
  return textWidth(path) <= width ? path : `…${path.slice(1 - width)}`;
}

/** A time of the record as the clock of this machine shows it: `2026-11-27 21:03`. */
export function localTime(started: string): string {
  const time = new Date(started);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
