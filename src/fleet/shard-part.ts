import type { HostMemory } from '../language/evaluate/host-memory.ts';
import type { Play } from '../language/model.ts';
import type { RunEvent } from '../runner/events.ts';
import type { ManagedHost } from '../runner/managed-host.ts';
import { noneLeft } from '../runner/play-run.ts';
import type { RunPart } from '../runner/run-part.ts';
import type { FleetDatabase } from './database.ts';
import type { Brought, HandedRun } from './handed-run.ts';
import { memoryFrom, restoreHost, type StoredHost, sharedMemory, storedHost } from './host-state.ts';
import type { Seal } from './sealing.ts';
import type { ShardClaim } from './shard-claim.ts';

/** Milliseconds for which another attempt's lock on a host is waited for: longer than a worker goes on without the database. */
const lockWait = 180_000;
// Milliseconds between two looks at a meeting that nobody has announced, and how long a shard may be in nobody's hands.
const look = 2000;
const unclaimed = 600;

/** What one shard needs to meet the others. */
export interface ShardMeeting {
  readonly database: FleetDatabase;
  readonly claim: ShardClaim;
  readonly seal: Seal;
  readonly handed: HandedRun;
  readonly plays: readonly Play[];
  readonly mentioned: ReadonlySet<string>;
  readonly stop: AbortSignal;
  emit(event: RunEvent): void;
  /** Writes all events so far. */
  flush(): Promise<void>;
  /** Values that must never be shown, for who goes on. */
  hidden(): readonly string[];
}

/** What is kept of a shard after a play. */
export interface Checkpoint {
  readonly hosts: readonly (readonly [string, StoredHost])[];
  readonly hidden: readonly string[];
}

/** One shard of a run among the others: they meet in the database after each play. */
export class ShardPart implements RunPart {
  readonly members: ReadonlySet<string>;
  readonly patience: number;
  readonly behind: number;
  readonly #meeting: ShardMeeting;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #elsewhere = new Map<string, HostMemory>();
  /** Hosts that had not ended before the play. */
  #before: ReadonlySet<string> = new Set();

  constructor(meeting: ShardMeeting, checkpoint: Checkpoint | undefined) {
    this.#meeting = meeting;
    this.#checkpoint = checkpoint;
    const { claim, handed } = meeting;
    this.members = new Set(handed.shards[claim.shard]);
    this.behind = Math.max(0, claim.play);
    this.patience = claim.attempt > 1 ? lockWait : 0;
  }

  restore(hosts: ReadonlyMap<string, ManagedHost>): void {
    for (const [name, stored] of this.#checkpoint?.hosts ?? []) {
      const host = hosts.get(name);
      if (host) restoreHost(host, stored);
    }
    this.#before = goingOn(hosts);
  }

  memoryOf(host: string): HostMemory | undefined {
    return this.#elsewhere.get(host);
  }

  async meet(play: number, goesOn: boolean, hosts: ReadonlyMap<string, ManagedHost>): Promise<boolean> {
    const { claim, stop } = this.#meeting;
    await this.#meeting.flush();
    // Which play has ended was written by an earlier attempt: nobody waits for it again.
    if (play > claim.play || (play === 0 && claim.play < 0)) await this.#store(play, goesOn, hosts);
    this.#before = goingOn(hosts);
    if (stop.aborted || !goesOn) return false;
    // Who goes on with a shard meets the others where they are.
    const at = Math.max(play, this.behind);
    const brought = await this.#others(at);
    return brought !== undefined && this.#on(at, brought);
  }

  async #store(play: number, goesOn: boolean, hosts: ReadonlyMap<string, ManagedHost>): Promise<void> {
    const { claim, seal, hidden } = this.#meeting;
    const checkpoint: Checkpoint = {
      hosts: [...hosts].map(([name, host]) => [name, storedHost(host)]),
      hidden: hidden(),
    };
    await claim.store(
      play,
      seal.closeValue(checkpoint, claim.place('checkpoint')),
      seal.closeValue(this.#bring(play, goesOn, hosts), claim.place(`meeting ${play}`)),
    );
  }

  #bring(play: number, goesOn: boolean, hosts: ReadonlyMap<string, ManagedHost>): Brought {
    const { handed, mentioned, plays } = this.#meeting;
    const members = new Set(plays.find(({ index }) => index === play)?.hosts);
    const acting = [...hosts.values()].filter(
      ({ name, observed }) => members.has(name) && !observed && this.#before.has(name),
    );
    return {
      goesOn,
      acting: acting.length,
      left: acting.filter(({ ended }) => !ended).length,
      failed: acting.some(({ ended }) => ended === 'failed'),
      memories: handed.readsOthers
        ? [...hosts].map(([name, { memory }]) => [name, sharedMemory(memory, mentioned)])
        : [],
    };
  }

  // Undefined when the run is to stop, or nobody comes.
  async #others(play: number): Promise<readonly Brought[] | undefined> {
    const { claim, database, seal, handed, stop } = this.#meeting;
    while (!stop.aborted) {
      const rows = await database
        .rows('select shard, brought from provision_fleet.meetings where run = $1 and play = $2', [
          claim.run,
          play,
        ])
        .catch(() => []);
      if (rows.length >= handed.shards.length) {
        return rows.map(({ shard, brought }) => {
          const place = `run ${claim.run} shard ${String(shard)} meeting ${play}`;
          return seal.openValue(brought as Buffer, place) as Brought;
        });
      }
      if (await this.#nobodyComes(play)) return undefined;
      await Promise.race([database.news(claim.run, look), aborted(stop)]);
    }
    return undefined;
  }

  async #nobodyComes(play: number): Promise<boolean> {
    const { claim, database, emit } = this.#meeting;
    const rows = await database
      .rows(
        `select site, state from provision_fleet.shards where run = $1 and play < $2 and
          (state = 'ended' or (state = 'waiting' and since < now() - make_interval(secs => $3)))`,
        [claim.run, play, unclaimed],
      )
      .catch(() => []);
    const [first] = rows;
    if (!first) return false;
    const who = first.site === null ? 'no worker' : `no worker of site ${String(first.site)}`;
    const message =
      first.state === 'ended'
        ? 'another part of this run has ended early: nothing more is done here'
        : `${who} has taken its part of this run for ${unclaimed / 60} minutes: nothing more is done here`;
    emit({ type: 'warning', message });
    return true;
  }

  #on(play: number, brought: readonly Brought[]): boolean {
    const { emit, plays, claim } = this.#meeting;
    for (const { memories } of brought)
      for (const [host, memory] of memories) this.#elsewhere.set(host, memoryFrom(memory));
    if (!brought.every(({ goesOn }) => goesOn)) return false;
    const acting = brought.reduce((sum, one) => sum + one.acting, 0);
    const left = brought.reduce((sum, one) => sum + one.left, 0);
    if (acting === 0 || left > 0 || !brought.some(({ failed }) => failed)) return true;
    const ended = plays.find(({ index }) => index === play);
    // As in a run here: nothing is said where nothing would have come.
    if (ended && ended !== plays.at(-1) && claim.shard === 0)
      emit({ type: 'warning', message: noneLeft(ended) });
    return false;
  }
}

function goingOn(hosts: ReadonlyMap<string, ManagedHost>): ReadonlySet<string> {
  return new Set([...hosts.values()].filter(({ ended }) => !ended).map(({ name }) => name));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
