import { attributeLines, changeLines } from '../../report/diff-text.ts';
import { durationText } from '../../report/duration-text.ts';
import { padTo, shorten, textWidth, wrapWords } from '../../report/fitted-text.ts';
import { byName, counted, hostList } from '../../report/host-list.ts';
import type { Paint, Style } from '../../report/paint.ts';
import { legend, paintedSign, signOf } from '../../report/plan-sign.ts';
import { recapTable } from '../../report/recap.ts';
import type { HostRecap } from '../../runner/events.ts';
import { alikeResults } from '../alike-results.ts';
import type { Noted, RemarkRecord, ResultRecord, RunRecord } from '../run-record.ts';
import { endText, type ListView, localTime, shownPath } from './run-list.ts';

/** What of a run is shown beside counts, changes and failures. */
export interface PageView extends ListView {
  /** Texts as unified diffs. */
  readonly diff: boolean;
  readonly now: Date;
}

const slowestShown = 5;
// Milliseconds.
const worthShowing = 100;

/** One run on a terminal: how it ended, each host, what changed and failed, what was seen, the slowest tasks. */
export function runPage(run: RunRecord, view: PageView): readonly string[] {
  const { paint } = view;
  return [
    ...headLines(run, view),
    ...section('hosts', recapTable(recapsOf(run), paint), paint),
    ...section(
      'failed',
      distinctFailures(run.results).flatMap((one) => failureLines(one, view)),
      paint,
    ),
    ...section(run.check ? 'would change' : 'changed', changedLines(run, view), paint),
    ...[...Map.groupBy(run.noted, ({ kind }) => kind)].flatMap(([kind, all]) =>
      section(kind, notedLines(all, view), paint),
    ),
    ...section(
      'also',
      run.remarks.flatMap((one) => remarkLines(one, view)),
      paint,
    ),
    ...section('slowest tasks', slowestLines(run.results, view), paint),
  ];
}

function headLines(run: RunRecord, { paint, directory }: PageView): readonly string[] {
  const ended = endText(run);
  const style: Style = run.exitCode === 0 ? 'green' : 'red';
  const code = run.exitCode === undefined || run.exitCode === 0 ? '' : `, exit code ${run.exitCode}`;
  const took = run.duration === undefined ? '' : `, ${durationText(run.duration)}`;
  return [
    `${paint('bold', `run ${run.id}: ${run.command} ${shownPath(run.playbook, directory)}`)}`,
    `${localTime(run.started)}${took}, provision ${run.version}: ${paint(style, ended)}${ended.startsWith('exit') ? '' : code}`,
  ];
}

function recapsOf(run: RunRecord): Readonly<Record<string, HostRecap>> {
  return Object.fromEntries(
    run.hostRecords.flatMap(({ host, recap }) => (recap ? [[host, recap] as const] : [])),
  );
}

// A handler that fails, and once more on the files that were put back, is one failure.
function distinctFailures(results: readonly ResultRecord[]): readonly ResultRecord[] {
  const failures = results.filter(({ status, ignored }) => status === 'failed' && !ignored);
  const key = ({ host, play, task, item, message }: ResultRecord) =>
    JSON.stringify([host, play, task, item, message]);
  return [...new Map(failures.toReversed().map((one) => [key(one), one])).values()].toReversed();
}

function failureLines(
  { host, name, item, message = '', output }: ResultRecord,
  { paint, width }: PageView,
): readonly string[] {
  const title = item === undefined ? name : `${name} (${item})`;
  const words = wrapWords(message, width - 4).map((line) => `    ${line}`);
  const streams = [output?.stdout ?? '', output?.stderr ?? ''].filter((text) => text.trim() !== '');
  const printed = streams.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => `    | ${line}`),
  );
  return [`  ${paint('red', host)}  ${title}`, ...words, ...printed];
}

function changedLines(run: RunRecord, { paint, width, diff }: PageView): readonly string[] {
  const changed = run.results.filter(({ status }) => status === 'changed');
  const key = legend(new Set(changed.map(signOf)), paint);
  const lines = alikeResults(changed).flatMap(({ result, hosts }) => {
    const title = result.item === undefined ? result.name : `${result.name} (${result.item})`;
    const lines = (diff ? changeLines : attributeLines)(result.changes, paint);
    return [
      `  ${paintedSign(signOf(result), paint)} ${title}  ${paint('dim', hostList(hosts.toSorted(byName), Math.max(10, width - textWidth(title) - 6)))}`,
      ...lines.map((line) => `      ${line}`),
    ];
  });
  return key === undefined ? lines : [...lines, '', `  ${key}`];
}

function notedLines(all: readonly Noted[], { now, paint }: PageView): readonly string[] {
  const sorted = all.toSorted(
    (one, other) =>
      (one.ends ?? '').localeCompare(other.ends ?? '') || (other.milliseconds ?? 0) - (one.milliseconds ?? 0),
  );
  const names = sorted.map(({ host = 'control node' }) => host);
  const wide = Math.max(...names.map(textWidth));
  return sorted.map(({ subject, detail = '', ends, milliseconds }, index) => {
    const left = ends === undefined ? '' : `  ${paint('bold', leftText(ends, now))}`;
    const took = milliseconds === undefined ? '' : `  ${paint('bold', durationText(milliseconds))}`;
    const more = ends === undefined ? detail : (detail.split(', SHA-256')[0] ?? '');
    return `  ${padTo(names[index] ?? '', wide)}${left}${took}  ${subject}  ${paint('dim', more)}`.trimEnd();
  });
}

// Whole days until a time, or since when it is over.
function leftText(ends: string, now: Date): string {
  const days = Math.floor((Date.parse(ends) - now.getTime()) / 86_400_000);
  return days < 0 ? `ended ${counted(-days, 'day')} ago` : `${counted(days, 'day')} left`;
}

function remarkLines(
  { kind, host, message, hint }: RemarkRecord,
  { paint, width }: PageView,
): readonly string[] {
  const style: Style = kind === 'warning' ? 'yellow' : 'red';
  const word = kind.replace('host-', '');
  const who = host === undefined ? '' : `${host}: `;
  const lines = wrapWords(`${word}: ${who}${message}`, width - 4);
  const next = hint === undefined ? [] : wrapWords(`next: ${hint}`, width - 6).map((line) => `  ${line}`);
  return [...lines, ...next].map(
    (line, index) => `  ${index === 0 ? line.replace(word, paint(style, word)) : `  ${line}`}`,
  );
}

// Each task on the host that took longest.
function slowestLines(results: readonly ResultRecord[], { width }: PageView): readonly string[] {
  const sorted = results.toSorted((one, other) => other.duration - one.duration);
  const tasks = [...Map.groupBy(sorted, ({ play, task }) => `${play} ${task}`).values()];
  const slowest = tasks
    .flatMap(([longest]) => (longest && longest.duration >= worthShowing ? [longest] : []))
    .slice(0, slowestShown);
  const times = slowest.map(({ duration }) => durationText(duration));
  const wide = Math.max(0, ...times.map(textWidth));
  return slowest.map(({ host, name }, index) =>
    shorten(`  ${(times[index] ?? '').padStart(wide)}  ${name}  (${host})`, width),
  );
}

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines];
}
