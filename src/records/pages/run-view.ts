import { byName } from '../../report/host-list.ts';
import type { HostRecap } from '../../runner/events.ts';
import type { HostRecord, ResultRecord, RunRecord, RunSummary } from '../run-record.ts';

/** A run as files show it, with what was there when they were written. */
export interface RunView {
  readonly run: RunRecord;
  /** Earlier runs of the same playbook, the newest first. */
  readonly earlier: readonly RunSummary[];
  /** Days left are counted from here. */
  readonly now: Date;
}

/** How a host came through, in one word. */
export type HostState = 'ok' | 'changed' | 'failed' | 'unreachable' | 'not done';

/** How a host came through. */
export function hostState({ recap }: HostRecord): HostState {
  if (!recap) return 'not done';
  if (recap.unreachable) return 'unreachable';
  if (recap.failed > 0) return 'failed';
  return recap.changed > 0 ? 'changed' : 'ok';
}

/** Hosts of a run, h2 before h10. */
export function sortedHosts({ hostRecords }: RunRecord): readonly HostRecord[] {
  return hostRecords.toSorted((one, other) => byName(one.host, other.host));
}

/** Results that count as failures of the run. */
export function failuresOf({ results }: RunRecord): readonly ResultRecord[] {
  return results.filter(({ status, ignored }) => status === 'failed' && !ignored);
}

/** A task with its item, where it has one. */
export function titleOf({ name, item }: ResultRecord): string {
  return item === undefined ? name : `${name} (${item})`;
}

/** The command with the playbook, without its folders. */
export function headingOf({ command, playbook }: RunRecord): string {
  return `${command} ${playbook.slice(playbook.lastIndexOf('/') + 1)}`;
}

/** One sentence about the whole run. */
export function verdictOf(run: RunRecord): {
  readonly text: string;
  readonly state: 'ok' | 'changed' | 'failed';
} {
  const { check, state, failed, unreachable, changed, hosts } = run;
  const on = `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`;
  const bad = [
    ...(state === 'cut off' ? ['the run was cut off'] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unreachable > 0 ? [`${unreachable} unreachable`] : []),
  ];
  if (bad.length > 0) return { text: `${bad.join(', ')}; ${changed} changed; ${on}`, state: 'failed' };
  if (run.exitCode !== 0)
    return { text: `ended with exit code ${run.exitCode}; ${changed} changed; ${on}`, state: 'failed' };
  if (check) return { text: `${changed} to change on ${on}`, state: changed > 0 ? 'changed' : 'ok' };
  return {
    text: changed > 0 ? `${changed} changed on ${on}` : `nothing had to be changed on ${on}`,
    state: changed > 0 ? 'changed' : 'ok',
  };
}

/** Counts of a host that are worth a column. */
export const countColumns = [
  'ok',
  'changed',
  'skipped',
  'failed',
  'unknown',
] as const satisfies readonly (keyof HostRecap)[];

/** Whole days until a time; negative once it is over. */
export function daysUntil(ends: string, now: Date): number {
  return Math.floor((Date.parse(ends) - now.getTime()) / 86_400_000);
}

/** A time of the record in UTC, to the minute. */
export function utcTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
