import type { FleetDatabase } from './database.ts';
import type { ShardJob } from './engine.ts';

// Milliseconds for which a statement is tried again while the database is away: longer than a restart takes.
const patience = 90_000;

/** One attempt at a shard: what it writes counts only as long as no later attempt has begun. */
export class ShardClaim {
  readonly run: string;
  readonly shard: number;
  readonly attempt: number;
  readonly checkpoint: Buffer | undefined;
  /** The last play that an earlier attempt has ended; 0: all hosts were open, -1: nothing. */
  #play: number;
  #forsaken = false;
  readonly #database: FleetDatabase;

  private constructor(database: FleetDatabase, job: ShardJob, row: Readonly<Record<string, unknown>>) {
    this.#database = database;
    this.run = job.run;
    this.shard = job.shard;
    this.attempt = Number(row.attempt);
    this.#play = Number(row.play);
    this.checkpoint = row.checkpoint instanceof Buffer ? row.checkpoint : undefined;
  }

  /** Begins an attempt, which ends all earlier ones; undefined when the shard has ended or is no more. */
  static async begin(
    database: FleetDatabase,
    job: ShardJob,
    worker: string,
  ): Promise<ShardClaim | undefined> {
    const rows = await database.persistently(
      `update provision_fleet.shards set attempt = attempt + 1, state = 'running', worker = $3, since = now()
        where run = $1 and shard = $2 and state <> 'ended' returning attempt, play, checkpoint`,
      [job.run, job.shard, worker],
      patience,
    );
    const [row] = rows ?? [];
    return row && new ShardClaim(database, job, row);
  }

  get play(): number {
    return this.#play;
  }

  /** Whether the attempt was given up here, whatever the database says of it. */
  get forsaken(): boolean {
    return this.#forsaken;
  }

  /** Gives the attempt up: what is cut off now would look like a failure to who goes on, so nothing more is written. */
  forsake(): void {
    this.#forsaken = true;
  }

  /** Where something of this shard is stored, as it is sealed for. */
  place(what: string): string {
    return `run ${this.run} shard ${this.shard} ${what}`;
  }

  /** Whether the attempt still counts, and whether somebody wants the run to stop; undefined while the database cannot be asked. */
  async look(): Promise<{ readonly held: boolean; readonly stop: boolean } | undefined> {
    try {
      const [row] = await this.#database.rows(
        `select runs.stop is not null as stop from provision_fleet.shards join provision_fleet.runs on id = run
          where run = $1 and shard = $2 and attempt = $3 and state = 'running'`,
        [this.run, this.shard, this.attempt],
      );
      return { held: row !== undefined, stop: row?.stop === true };
    } catch {
      return undefined;
    }
  }

  /** Writes down that a play has ended here; the others may go on. */
  async store(play: number, checkpoint: Buffer, brought: Buffer): Promise<void> {
    if (this.#forsaken) return;
    await this.#database.persistently(
      `with mine as (
         update provision_fleet.shards set play = $4, checkpoint = $5
         where run = $1 and shard = $2 and attempt = $3 and state = 'running' returning run, shard
       ), met as (
         insert into provision_fleet.meetings (run, play, shard, brought)
         select run, $4, shard, $6 from mine on conflict do nothing
       )
       select pg_notify('provision_fleet', run) from mine`,
      [this.run, this.shard, this.attempt, play, checkpoint, brought],
      patience,
    );
    this.#play = play;
  }

  /** Appends events. */
  async append(seq: number, body: Buffer): Promise<void> {
    if (this.#forsaken) return;
    await this.#database.persistently(
      `with mine as (
         insert into provision_fleet.events (run, shard, attempt, seq, body)
         select run, shard, attempt, $4, $5 from provision_fleet.shards
         where run = $1 and shard = $2 and attempt = $3 and state = 'running' on conflict do nothing returning run
       )
       select pg_notify('provision_fleet', run) from mine`,
      [this.run, this.shard, this.attempt, seq, body],
      patience,
    );
  }

  /** The shard is done; the run is when all are. */
  async end(exitCode: number): Promise<void> {
    if (this.#forsaken) return;
    await this.#database.persistently(
      `with mine as (
         update provision_fleet.shards set state = 'ended', exit_code = $4, since = now(), checkpoint = null
         where run = $1 and shard = $2 and attempt = $3 returning run
       )
       select pg_notify('provision_fleet', run) from mine`,
      [this.run, this.shard, this.attempt, exitCode],
      patience,
    );
  }
}
