import type { Problem } from '../errors/problem.ts';
import { wrapWords } from './fitted-text.ts';
import { byName } from './host-list.ts';
import type { Paint } from './paint.ts';

/** Why a host did not come through, shown again at the end: what, why, what next. */
export interface HostExplanation {
  readonly host: string;
  readonly kind: 'failed' | 'unreachable';
  readonly task?: string;
  readonly message: string;
  readonly problem?: Problem;
  readonly hint?: string;
}

/** The last word on hosts that did not come through; hosts with the same story are shown together. */
export function explanationText(
  explanations: readonly HostExplanation[],
  paint: Paint,
  width: number,
): string {
  const groups = new Map<string, { readonly hosts: string[]; readonly story: HostExplanation }>();
  for (const story of explanations) {
    const key = JSON.stringify({ ...story, host: '' });
    const same = groups.get(key);
    if (same) same.hosts.push(story.host);
    else groups.set(key, { hosts: [story.host], story });
  }
  return [...groups.values()]
    .map(({ hosts, story }) => explained(hosts.toSorted(byName), story, paint, width))
    .join('\n');
}

function explained(hosts: readonly string[], story: HostExplanation, paint: Paint, width: number): string {
  const { kind, task, message, problem, hint } = story;
  const place = problem?.at && `${problem.at.file}:${problem.at.line}:${problem.at.column}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['task', task],
    ['at', place],
    ['what', message],
    ['why', problem?.why],
    ['next', hint ?? problem?.hint ?? fallbackHint(kind, hosts)],
  ];
  const head = `${paint('red', kind === 'failed' ? 'Failed' : 'Unreachable')}: ${paint('bold', hosts.join(', '))}`;
  return [
    head,
    ...rows.flatMap(([label, text]) => (text === undefined ? [] : labelled(label, text, paint, width))),
  ].join('\n');
}

function labelled(label: string, text: string, paint: Paint, width: number): readonly string[] {
  return wrapWords(text, width - 8).map((line, index) => {
    const lead = index === 0 ? label.padEnd(6) : ' '.repeat(6);
    return `  ${paint('dim', lead)}${line}`.trimEnd();
  });
}

function fallbackHint(kind: HostExplanation['kind'], hosts: readonly string[]): string {
  const again = `--limit ${hosts.join(',')}`;
  return kind === 'failed'
    ? `fix it and run the same command again, for these hosts alone with ${again}; what is done stays done`
    : `see that \`ssh ${hosts[0]}\` works, then run the same command again, for these hosts alone with ${again}`;
}
