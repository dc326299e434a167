import type { Status, TaskResult } from '../runner/events.ts';
import { byName } from './host-list.ts';

/** How a task stands on one host, over all its items; `ignored` is a failure that lets the host go on. */
export type Standing = Status | 'ignored';

/** What one task has come to so far, on all hosts. */
export interface TaskTally {
  readonly play: number;
  readonly task: string;
  readonly name: string;
  readonly handler: boolean;
  /** Hosts that will come to it, as far as known. */
  readonly expected: number;
  /** When the first host came to it, as performance.now() gives it. */
  readonly began: number;
  /** Results by host, in the order of the first one of each. */
  readonly results: ReadonlyMap<string, readonly TaskResult[]>;
}

const gravest: readonly Standing[] = ['failed', 'ignored', 'changed', 'unknown', 'ok', 'skipped'];

/** The gravest result of a task on one host stands for all its items. */
export function standing(results: readonly TaskResult[]): Standing {
  const all = results.map((result) =>
    result.status === 'failed' && result.ignored ? 'ignored' : result.status,
  );
  return gravest.find((one) => all.includes(one)) ?? 'ok';
}

/** On how many hosts a task stands how, gravest first. */
export function standingCounts(tally: TaskTally): ReadonlyMap<Standing, number> {
  const counts = new Map<Standing, number>(gravest.map((one) => [one, 0]));
  for (const results of tally.results.values()) {
    const one = standing(results);
    counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return new Map([...counts].filter(([, count]) => count > 0));
}

/** The hosts of a task by how it stands on them, gravest first. */
export function hostsByStanding(tally: Pick<TaskTally, 'results'>): ReadonlyMap<Standing, readonly string[]> {
  const hosts = new Map<Standing, string[]>(gravest.map((one) => [one, []]));
  for (const [host, results] of tally.results) hosts.get(standing(results))?.push(host);
  for (const names of hosts.values()) names.sort(byName);
  return new Map([...hosts].filter(([, names]) => names.length > 0));
}

/** The same without the hosts on which it stands like that. */
export function without(tally: TaskTally, standings: readonly Standing[]): TaskTally {
  const rest = [...tally.results].filter(([, results]) => !standings.includes(standing(results)));
  return rest.length === tally.results.size ? tally : { ...tally, results: new Map(rest) };
}
