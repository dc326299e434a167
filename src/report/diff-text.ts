import { structuredPatch } from 'diff';
import type { Change } from '../resources/resource.ts';
import { counted } from './host-list.ts';
import type { Paint } from './paint.ts';

// Lines after which two texts count as too different: the event loop must not be held up, and the time grows with their square.
const mostEdits = 1000;

// A diff of more lines fills a screen; of those only the beginning is shown where a short look is wanted.
const longDiff = 30;
const beginning = 20;

/**
 * What would change or has changed: a line for each attribute, a unified diff for each text.
 * @param brief of long diffs only the beginning
 */
export function changeLines(changes: readonly Change[], paint: Paint, brief = false): readonly string[] {
  return changes.flatMap((change) => {
    if (!change.text) return [oneLine(change, paint)];
    const lines = textDiff(change, change.text, paint);
    if (!brief || lines.length <= longDiff) return lines;
    const more = counted(lines.length - beginning, 'line');
    return [...lines.slice(0, beginning), paint('dim', `(and ${more} more: --diff shows them)`)];
  });
}

/** What differs without the texts: a line for each attribute. */
export function attributeLines(changes: readonly Change[], paint: Paint): readonly string[] {
  return changes.map((change) => oneLine(change, paint));
}

function oneLine({ attribute, from, to }: Change, paint: Paint): string {
  const after = to === undefined ? '' : paint('green', flat(to));
  if (from === undefined) {
    if (to === undefined) return attribute;
    return `${attribute}: ${paint('green', to.includes('\n') ? firstLine(to) : flat(to))}`;
  }
  return `${attribute}: ${paint('red', flat(from))} -> ${after === '' ? '(none)' : after}`;
}

// Of a program that is run its beginning says which one it is.
function firstLine(text: string): string {
  const [first = ''] = text.trimStart().split('\n');
  const more = lineCount(text) - 1;
  return `${first.length > 100 ? `${first.slice(0, 99)}…` : first} (and ${counted(more, 'line')} more)`;
}

// Values of several lines are shown in one, as JSON writes them.
function flat(value: string): string {
  if (value === '') return '(empty)';
  const line = value.includes('\n') ? JSON.stringify(value) : value;
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function textDiff(change: Change, text: NonNullable<Change['text']>, paint: Paint): readonly string[] {
  const { path, before, after } = text;
  if (before === after) return [oneLine(change, paint)];
  const created = before === '' && (change.from === undefined || change.from === 'absent');
  const removed = after === '' && (change.to === undefined || change.to === 'absent');
  const head = [
    paint('bold', `--- ${created ? '/dev/null' : path}`),
    paint('bold', `+++ ${removed ? '/dev/null' : path}`),
  ];
  const patch = structuredPatch(path, path, before, after, undefined, undefined, {
    context: 3,
    maxEditLength: mostEdits,
  });
  if (!patch)
    return [...head, `(too different to show: ${lineCount(before)} lines become ${lineCount(after)})`];
  return [
    ...head,
    ...patch.hunks.flatMap((hunk) => [hunkHead(hunk, paint), ...hunk.lines.map((l) => diffLine(l, paint))]),
  ];
}

function hunkHead(
  hunk: { oldStart: number; oldLines: number; newStart: number; newLines: number },
  paint: Paint,
): string {
  // As diff(1) counts: an empty side begins before its first line, a single line needs no length.
  const side = (start: number, lines: number): string => {
    if (lines === 1) return `${start}`;
    return `${lines === 0 ? Math.max(0, start - 1) : start},${lines}`;
  };
  return paint('cyan', `@@ -${side(hunk.oldStart, hunk.oldLines)} +${side(hunk.newStart, hunk.newLines)} @@`);
}

function diffLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  if (line.startsWith('-')) return paint('red', line);
  return line.startsWith('\\') ? paint('dim', line) : line;
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
