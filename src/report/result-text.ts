import type { TaskResult } from '../runner/events.ts';
import { changeLines } from './diff-text.ts';
import { outputTail } from './failure-text.ts';
import { hangingLines } from './fitted-text.ts';
import { hostList } from './host-list.ts';
import type { Paint } from './paint.ts';
import { groupResults } from './result-groups.ts';
import type { TaskTally } from './task-tally.ts';

/** What of a task belongs to the results on stdout. */
export interface ResultChoice {
  /** Show what changed, with unified diffs. */
  readonly diff: boolean;
  /** Show the output of every command, and why tasks were skipped. */
  readonly verbose: boolean;
  /** Columns. */
  readonly width: number;
  /** Messages are broken between words: a person reads them on a terminal, no program does. */
  readonly wrap: boolean;
}

/** The results of a task that is done: messages, diffs and, if wished, output; empty when there is nothing to show. */
export function resultLines(tally: TaskTally, choice: ResultChoice, paint: Paint): readonly string[] {
  const results = [...tally.results.values()].flat();
  return [
    ...messages(
      results.filter((result) => isShown(result, choice.verbose)),
      choice,
      paint,
    ),
    ...(choice.diff ? diffs(tally, results, choice.width, paint) : []),
    ...(choice.verbose ? outputs(tally, results, choice.width, paint) : []),
  ];
}

function isShown(result: TaskResult, verbose: boolean): boolean {
  if (result.message === undefined || result.status === 'failed') return false;
  return verbose || (result.status !== 'skipped' && result.status !== 'unknown');
}

// A message that begins with its host's name needs no other beginning.
function messages(
  results: readonly TaskResult[],
  { width, wrap }: ResultChoice,
  paint: Paint,
): readonly string[] {
  return groupResults(results, (result) => result.message).flatMap(({ hosts, result }) => {
    const lines = (result.message ?? '').trimEnd().split('\n');
    const own = hosts.length === 1 && /^[:\s]/.test(lines[0]?.slice(result.host.length) ?? '');
    const named = own && lines[0]?.startsWith(result.host);
    const names = hostList(hosts, width / 2);
    const lead = named ? '' : `${names}${itemText(result)}: `;
    const all =
      lines.length === 1
        ? [lead + lines[0]]
        : named
          ? lines
          : [lead.trimEnd(), ...lines.map((line) => `  ${line}`)];
    const [first = '', ...rest] = wrap ? all.flatMap((line) => hangingLines(line, width)) : all;
    return [named ? first : paint('bold', names) + first.slice(names.length), ...rest];
  });
}

function diffs(
  tally: TaskTally,
  results: readonly TaskResult[],
  width: number,
  paint: Paint,
): readonly string[] {
  const changed = results.filter((result) => result.changes.length > 0);
  return groupResults(changed, (result) => result.changes).flatMap(({ hosts, result }) => [
    `${paint('bold', hostList(hosts, width / 2))}: ${tally.name}${itemText(result)}`,
    ...changeLines(result.changes, paint).map((line) => `  ${line}`),
  ]);
}

function outputs(
  tally: TaskTally,
  results: readonly TaskResult[],
  width: number,
  paint: Paint,
): readonly string[] {
  const printed = results.filter((result) => result.output !== undefined && result.status !== 'failed');
  return groupResults(printed, (result) => result.output).flatMap(({ hosts, result }) => {
    const lines = outputTail(result.output, '', Number.POSITIVE_INFINITY);
    if (lines.length === 0) return [];
    const head = `${paint('bold', hostList(hosts, width / 2))}: ${tally.name}${itemText(result)}`;
    return [head, ...lines.map((line) => `  ${line}`)];
  });
}

function itemText(result: TaskResult): string {
  return result.item === undefined ? '' : ` (${result.item})`;
}
