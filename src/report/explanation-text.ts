import type { Problem } from '../errors/problem.ts';
import type { TaskResult } from '../runner/events.ts';
import { again, failureAdvice } from './failure-advice.ts';
import { failureBody } from './failure-text.ts';
import { wrapWords } from './fitted-text.ts';
import { byName, hostList } from './host-list.ts';
import type { Paint } from './paint.ts';

/** Why a host did not come through, explained once, at the end: what, why, what next. */
export interface HostExplanation {
  readonly host: string;
  readonly kind: 'failed' | 'unreachable';
  /** The results of the task that ended the host, one for each item that failed. */
  readonly results: readonly TaskResult[];
  readonly message: string;
  readonly problem?: Problem;
  readonly hint?: string;
  /** The run only plans. */
  readonly planning?: boolean;
  /** What would fail has been shown, with its reason. */
  readonly shown?: boolean;
  /** What was done in the play was put back. */
  readonly putBack?: boolean;
  /** For `provision explain`. */
  readonly code?: string;
}

/** The last word on hosts that did not come through; hosts with the same story are shown together. */
export function explanationText(
  explanations: readonly HostExplanation[],
  paint: Paint,
  width: number,
): string {
  const groups = Map.groupBy(explanations, storyOf);
  return [...groups.values()]
    .flatMap((stories) => {
      const hosts = stories.map(({ host }) => host).toSorted(byName);
      const [story] = stories;
      return story ? [explained(hosts, story, paint, width)] : [];
    })
    .join('\n');
}

// All but the host, and how long it took there.
function storyOf(story: HostExplanation): string {
  const results = story.results.map(({ name, item, message, output }) => [name, item, message, output]);
  return JSON.stringify({ ...story, host: '', results });
}

function explained(hosts: readonly string[], story: HostExplanation, paint: Paint, width: number): string {
  const { problem, results } = story;
  const [first] = results;
  const place = problem?.at && `${problem.at.file}:${problem.at.line}:${problem.at.column}`;
  // What ended the host is mostly what its task has already said.
  const said = results.some(({ message = '' }) => story.message !== '' && message.includes(story.message));
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['what', said ? undefined : story.message],
    ['at', place],
    ['why', problem?.why],
    ['next', adviceFor(hosts[0] ?? '', story)],
    ['code', story.code],
  ];
  const names = paint('bold', hostList(hosts, Math.max(20, width - 24)));
  const head = first
    ? `${paint('red', story.shown ? 'Would fail:' : 'FAILED')} ${paint('bold', first.name)} on ${names}`
    : `${paint('red', story.kind === 'failed' ? 'Failed' : 'Unreachable')}: ${names}`;
  return [
    head,
    ...(story.shown ? [] : results).flatMap((result) =>
      failureBody(result, width - 2).map((line) => `  ${line}`.trimEnd()),
    ),
    ...rows.flatMap(([label, text]) => (text === undefined ? [] : labelled(label, text, paint, width))),
  ].join('\n');
}

function labelled(label: string, text: string, paint: Paint, width: number): readonly string[] {
  return wrapWords(text, width - 8).map((line, index) => {
    const lead = index === 0 ? label.padEnd(6) : ' '.repeat(6);
    return `  ${paint('dim', lead)}${line}`.trimEnd();
  });
}

function adviceFor(
  host: string,
  { kind, results, message, problem, hint, planning, putBack }: HostExplanation,
): string | undefined {
  const known = hint ?? problem?.hint;
  if (known !== undefined) return known;
  if (kind === 'unreachable') return `see that \`ssh ${host}\` works; then ${again}`;
  const last = results.at(-1);
  const words = [message, ...results.map((result) => result.message ?? '')].join('\n');
  const output = last?.output ? { output: last.output } : {};
  const end = planning ? 'plan again' : putBack ? 'run the same command again' : again;
  return failureAdvice({ host, resource: last?.resource ?? '', message: words, ...output }, end);
}
