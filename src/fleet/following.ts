import type { Report, RunEvent } from '../runner/events.ts';
import { pause } from './database.ts';
import { eventPlace } from './event-log.ts';
import { EventMerge } from './event-merge.ts';
import { FleetError } from './fleet-error.ts';
import type { HandedRun } from './handed-run.ts';
import type { Fleet } from './handover.ts';
import type { Seal } from './sealing.ts';

/** How a run that was followed has ended here. */
export type Followed =
  | { readonly left: true }
  | { readonly exitCode: number; readonly changed: boolean; readonly left: false };

// Milliseconds between two looks that nobody has announced; after which one says that a shard waits; without the database.
const look = 1000;
const slow = 5000;
const away = 600_000;

interface ShardState {
  readonly shard: number;
  readonly state: string;
  readonly attempt: number;
  readonly worker: string | null;
  readonly site: string | null;
  readonly play: number;
  /** Milliseconds from the beginning of the run to the shard's last change of state. */
  readonly age: number;
}

/** Shows a run of the fleet as if it were done here: all its events, from the first one on. */
export class Following {
  readonly #fleet: Fleet;
  readonly #run: string;
  readonly #say: (line: string) => void;
  readonly #cursors = new Map<number, { attempt: number; seq: number }>();
  readonly #workers = new Map<number, ShardState>();
  readonly #began = performance.now();
  #saidWaiting = false;

  constructor(fleet: Fleet, run: string, say: (line: string) => void) {
    this.#fleet = fleet;
    this.#run = run;
    this.#say = say;
  }

  /** Reports events until the run ends; `leave` is aborted when it is to go on without being followed. */
  async follow(report: Report, leave: AbortSignal): Promise<Followed> {
    const { database, key } = this.#fleet;
    const [row] = await database.rows('select key, request from provision_fleet.runs where id = $1', [
      this.#run,
    ]);
    if (!row) throw new FleetError('the run is not kept any more', 'provision runs --fleet');
    const seal = await key.ofRun(this.#run, row.key as Buffer);
    const handed = seal.openValue(row.request as Buffer, `run ${this.#run}`) as HandedRun;
    const merge = new EventMerge(handed.hosts, handed.shards, report);
    let heard = performance.now();
    while (!leave.aborted) {
      try {
        const states = await this.#states();
        const more = await this.#events(seal, merge);
        if (performance.now() - heard > slow) this.#say('the database of the fleet answers again');
        heard = performance.now();
        this.#noteTakeOver(states, handed, report);
        if (!more && states.every(({ state }) => state === 'ended')) {
          const { exitCode } = merge.end(Math.round(Math.max(...states.map(({ age }) => Number(age)))));
          return { exitCode, changed: merge.changed, left: false };
        }
        this.#noteWaiting(states);
        if (!more) await database.news(this.#run, look);
      } catch (error) {
        if (error instanceof FleetError) throw error;
        const out = performance.now() - heard;
        if (out > away)
          throw new FleetError(
            `the database of the fleet does not answer for ${Math.round(away / 60_000)} minutes; the run may go on`,
            `when it is there again: provision attach ${this.#run}`,
          );
        if (out < slow && out + look >= slow)
          this.#say('the database of the fleet does not answer: waiting for it');
        await pause(look);
      }
    }
    return { left: true };
  }

  async #states(): Promise<readonly ShardState[]> {
    const rows = await this.#fleet.database.rows(
      `select shard, state, attempt, worker, site, play, extract(epoch from since - started) * 1000 as age
        from provision_fleet.shards join provision_fleet.runs on id = run where run = $1 order by shard`,
      [this.#run],
    );
    return rows as unknown as readonly ShardState[];
  }

  // The state was read first: what an ended shard has written is there.
  async #events(seal: Seal, merge: EventMerge): Promise<boolean> {
    const { database } = this.#fleet;
    const cursors = [...this.#cursors];
    const rows = await database.rows(
      `select e.shard, e.attempt, e.seq, e.body from provision_fleet.events e
        left join unnest($2::int[], $3::int[], $4::int[]) as c (shard, attempt, seq) on e.shard = c.shard
        where e.run = $1 and (c.shard is null or (e.attempt, e.seq) > (c.attempt, c.seq))
        order by e.shard, e.attempt, e.seq limit 500`,
      [
        this.#run,
        cursors.map(([shard]) => shard),
        cursors.map(([, { attempt }]) => attempt),
        cursors.map(([, { seq }]) => seq),
      ],
    );
    for (const row of rows) {
      const [shard, attempt, seq] = [Number(row.shard), Number(row.attempt), Number(row.seq)];
      const place = eventPlace({ run: this.#run, shard }, attempt, seq);
      for (const event of seal.openValue(row.body as Buffer, place) as readonly RunEvent[])
        merge.take(shard, event);
      this.#cursors.set(shard, { attempt, seq });
    }
    return rows.length > 0;
  }

  #noteTakeOver(states: readonly ShardState[], { shards }: HandedRun, report: Report): void {
    for (const state of states) {
      const before = this.#workers.get(state.shard);
      this.#workers.set(state.shard, state);
      if (!before || before.attempt === 0 || state.attempt <= before.attempt) continue;
      const hosts = shards[state.shard] ?? [];
      const whose =
        hosts.length > 3 ? `${hosts.slice(0, 3).join(', ')} and ${hosts.length - 3} more` : hosts.join(', ');
      const from = Math.max(1, state.play + 1);
      const who =
        state.worker === before.worker
          ? `worker ${state.worker} had let go of its part, and`
          : `worker ${before.worker} is gone: ${state.worker}`;
      const message = `${who} goes on with ${whose}, from the beginning of play ${from}`;
      report({ type: 'warning', message });
    }
  }

  #noteWaiting(states: readonly ShardState[]): void {
    if (this.#saidWaiting || performance.now() - this.#began < slow) return;
    const waiting = states.filter(({ state }) => state === 'waiting');
    if (waiting.length === 0) return;
    this.#saidWaiting = true;
    const sites = [...new Set(waiting.map(({ site }) => (site === null ? 'any site' : `site ${site}`)))];
    this.#say(`waiting for a worker of ${sites.join(', ')}`);
  }
}

/** Asks the workers to stop a run: steps in flight are finished. */
export async function stopRun({ database }: Fleet, run: string): Promise<void> {
  await database.rows(`update provision_fleet.runs set stop = 'stop' where id = $1`, [run]);
  // What nobody has taken never begins.
  await database.rows(
    `update provision_fleet.shards set state = 'ended', since = now() where run = $1 and state = 'waiting'`,
    [run],
  );
  await database.tell(run);
}
