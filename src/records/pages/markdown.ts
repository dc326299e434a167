import { changeLines } from '../../report/diff-text.ts';
import { durationText } from '../../report/duration-text.ts';
import { hostList } from '../../report/host-list.ts';
import { paintWith } from '../../report/paint.ts';
import { alikeResults } from '../alike-results.ts';
import type { Noted } from '../run-record.ts';
import {
  countColumns,
  daysUntil,
  failuresOf,
  headingOf,
  hostState,
  type RunView,
  sortedHosts,
  titleOf,
  utcTime,
  verdictOf,
} from './run-view.ts';

// A comment on a merge request, or a summary of a CI job, takes no more.
const mostLines = 60;
const mostChanges = 50;
const plain = paintWith(false);

/** A run as Markdown, for a comment or a summary of a CI job. */
export function markdown(view: RunView): string {
  const { run, now } = view;
  const parts = [
    `# ${words(headingOf(run))}`,
    `**${words(verdictOf(run).text)}**`,
    words(
      [
        utcTime(run.started),
        ...(run.duration === undefined ? [] : [durationText(run.duration)]),
        `provision ${run.version}`,
      ].join(', '),
    ),
    ...failures(view),
    ...hosts(view),
    ...changes(view),
    ...[...Map.groupBy(run.noted, ({ kind }) => kind)].flatMap(([kind, all]) => noted(kind, all, now)),
    ...warnings(view),
  ];
  return `${parts.join('\n\n')}\n`.toWellFormed();
}

function failures({ run }: RunView): readonly string[] {
  const failed = failuresOf(run).map((one) => {
    const printed = [one.message ?? '', one.output?.stdout ?? '', one.output?.stderr ?? ''].filter(
      (text) => text.trim() !== '',
    );
    return `- **${words(one.host)}**: ${words(titleOf(one))}\n\n${fenced('', printed.join('\n').split('\n'), '  ')}`;
  });
  const others = run.remarks
    .filter(({ kind }) => kind !== 'warning')
    .map(({ kind, host = '', message, hint }) => {
      const next = hint === undefined ? '' : `; next: ${words(hint)}`;
      return `- **${words(host)}** ${words(kind.replace('host-', ''))}: ${words(message)}${next}`;
    });
  return failed.length + others.length === 0 ? [] : ['## Failures', [...failed, ...others].join('\n')];
}

function hosts({ run }: RunView): readonly string[] {
  const rows = sortedHosts(run).map((record) => {
    const { host, recap } = record;
    return [
      host,
      hostState(record),
      ...countColumns.map((word) => String(recap?.[word] ?? '')),
      recap ? durationText(recap.duration) : '',
    ];
  });
  return ['## Hosts', table(['host', 'state', ...countColumns, 'took'], rows)];
}

function changes({ run }: RunView): readonly string[] {
  const all = alikeResults(run.results.filter(({ status }) => status === 'changed'));
  if (all.length === 0) return [];
  const shown = all.slice(0, mostChanges).map(({ result, hosts }) => {
    const lines = changeLines(result.changes, plain);
    const more = lines.length > mostLines ? [`(${lines.length - mostLines} more lines)`] : [];
    return `- ${words(titleOf(result))}: ${words(hostList(hosts, 60))}\n\n${fenced('diff', [...lines.slice(0, mostLines), ...more], '  ')}`;
  });
  const left = all.length > mostChanges ? [`${all.length - mostChanges} more`] : [];
  return [run.check ? '## What would change' : '## Changes', shown.join('\n'), ...left];
}

function noted(kind: string, all: readonly Noted[], now: Date): readonly string[] {
  const sorted = all.toSorted((one, other) => (one.ends ?? '').localeCompare(other.ends ?? ''));
  const rows = sorted.map(({ host = 'control node', subject, detail = '', ends, milliseconds }) => [
    ends === undefined ? durationText(milliseconds ?? 0) : `${daysUntil(ends, now)} days left`,
    subject,
    host,
    detail,
  ]);
  return [
    `## ${words(kind.charAt(0).toUpperCase() + kind.slice(1))}`,
    table(['time', 'what', 'host', 'detail'], rows),
  ];
}

function warnings({ run }: RunView): readonly string[] {
  const all = run.remarks.filter(({ kind }) => kind === 'warning');
  if (all.length === 0) return [];
  return [
    '## Warnings',
    all
      .map(({ host, message }) => `- ${words(host === undefined ? message : `${host}: ${message}`)}`)
      .join('\n'),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(words).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

// Longer than any such row inside.
function fenced(language: string, lines: readonly string[], indent: string): string {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].map((line) => `${indent}${line}`).join('\n');
}

// What a host or a playbook says is text: it makes no heading, link, image or tag.
function words(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#!|~&@]|^[+-]/g, (character) => `\\${character}`);
}
