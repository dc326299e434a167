import type { FleetDatabase } from './database.ts';
import { FleetError } from './fleet-error.ts';

/** A run of the fleet, for lists. */
export interface FleetRun {
  readonly id: string;
  readonly number: number;
  readonly playbook: string;
  readonly who: string;
  readonly check: boolean;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly state: 'waiting' | 'running' | 'ended';
  /** Missing for a run that goes on. */
  readonly exitCode?: number;
  readonly hosts: number;
  readonly shards: number;
  /** Who has its shards now. */
  readonly workers: readonly string[];
}

const columns = `select id, number, playbook, who, checks, started, r.hosts, r.shards,
  (select bool_and(state = 'ended') from provision_fleet.shards s where s.run = id) as ended,
  (select bool_or(state = 'running') from provision_fleet.shards s where s.run = id) as running,
  (select array_agg(exit_code) from provision_fleet.shards s where s.run = id) as codes,
  (select array_agg(distinct worker) from provision_fleet.shards s where s.run = id and state = 'running') as workers
  from provision_fleet.runs r`;

/** The newest runs of the fleet, the newest first. */
export async function fleetRuns(database: FleetDatabase, last: number): Promise<readonly FleetRun[]> {
  await database.check();
  const rows = await database.rows(`${columns} order by number desc limit $1`, [last]);
  return rows.map(runOf);
}

/** One run by its number, the last one without it; throws FleetError when there is none. */
export async function fleetRun(database: FleetDatabase, number: number | undefined): Promise<FleetRun> {
  await database.check();
  const [row] = await database.rows(
    `${columns} where $1::bigint is null or number = $1 order by number desc limit 1`,
    [number ?? null],
  );
  if (row) return runOf(row);
  throw new FleetError(
    number === undefined ? 'the fleet has no run yet' : `the fleet has no run ${number}`,
    'provision runs --fleet lists them',
  );
}

function runOf(row: Readonly<Record<string, unknown>>): FleetRun {
  const ended = row.ended === true;
  const codes = (row.codes as (number | null)[] | null) ?? [];
  return {
    id: String(row.id),
    number: Number(row.number),
    playbook: String(row.playbook),
    who: String(row.who),
    check: row.checks === true,
    started: (row.started as Date).toISOString(),
    state: ended ? 'ended' : row.running === true ? 'running' : 'waiting',
    ...(ended && {
      exitCode: [130, 124, 4, 2, 1].find((one) => codes.some((code) => (code ?? 4) === one)) ?? 0,
    }),
    hosts: Number(row.hosts),
    shards: Number(row.shards),
    workers: (row.workers as string[] | null) ?? [],
  };
}
