import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What is remembered of one host from run to run. */
interface HostReach {
  /** When it was last reached, or first missed if it never was: milliseconds since 1970. */
  readonly since: number;
  /** The last run did not reach it. */
  readonly missed: boolean;
}

/** What is remembered, by host. */
export type ReachRecord = ReadonlyMap<string, HostReach>;

/** Hosts that a run spoke to, and those that it could not. */
export interface Reach {
  readonly reached: readonly string[];
  readonly missed: readonly string[];
}

/** The record after a run; hosts that are no longer of the playbook are forgotten. */
export function recorded(record: ReachRecord, { reached, missed }: Reach, now: number): ReachRecord {
  const after = new Map<string, HostReach>(reached.map((host) => [host, { since: now, missed: false }]));
  for (const host of missed) {
    // A clock that was set back must not make time stand still.
    after.set(host, { since: Math.min(record.get(host)?.since ?? now, now), missed: true });
  }
  return after;
}

/** Whole days since a host was last reached. */
export function daysMissed(record: ReachRecord, host: string, now: number): number {
  return Math.floor((now - (record.get(host)?.since ?? now)) / 86_400_000);
}

/** Reads the record of a state directory; one that is not there or makes no sense counts as empty. */
export async function readReach(directory: string): Promise<ReachRecord> {
  try {
    const found: unknown = JSON.parse(await readFile(join(directory, file), 'utf8'));
    const hosts = Object.entries(found ?? {}).map(([host, { since, missed }]) => {
      return [host, { since: Date.parse(since), missed: missed === true }] as const;
    });
    return new Map(hosts.filter(([, { since }]) => !Number.isNaN(since)));
  } catch {
    return new Map();
  }
}

/** Keeps the record in a state directory. */
export async function keepReach(directory: string, record: ReachRecord): Promise<void> {
  const hosts = [...record].map(([host, { since, missed }]) => [
    host,
    { since: new Date(since).toISOString(), missed },
  ]);
  const path = join(directory, file);
  const beside = await open(`${path}.new`, 'w', 0o600);
  try {
    await beside.writeFile(`${JSON.stringify(Object.fromEntries(hosts), undefined, 2)}\n`);
    await beside.sync();
  } finally {
    await beside.close();
  }
  await rename(`${path}.new`, path);
}

const file = 'reached.json';
