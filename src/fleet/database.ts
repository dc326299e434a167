import pg from 'pg';
import { thrownText } from '../errors/thrown-text.ts';
import { FleetError } from './fleet-error.ts';
import { schema, schemaVersion } from './schema.ts';

// Milliseconds until an attempt to connect is given up, and between two of them.
const connectTimeout = 5000;
const again = 500;
// Milliseconds of a statement; none of ours takes long.
const statementTimeout = 30_000;

// One for all: it carries no data but the name of a run.
const channel = 'provision_fleet';

type Row = Readonly<Record<string, unknown>>;

/** The fleet's database: statements, and who is woken when something has happened to a run. */
export class FleetDatabase {
  readonly #pool: pg.Pool;
  readonly #url: string;
  readonly #listeners = new Map<string, Set<() => void>>();
  #listening: pg.Client | undefined;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 6,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: statementTimeout,
      application_name: 'provision',
    });
    // A connection that dies while nobody uses it: the next statement opens another.
    this.#pool.on('error', () => undefined);
  }

  /** Makes the tables; throws FleetError when those that are there are of another version. */
  async prepare(): Promise<void> {
    await this.#reached(() => this.#pool.query(schema));
    const { rows } = await this.#pool.query('select version from provision_fleet.version');
    if (rows.length === 0)
      await this.#pool.query('insert into provision_fleet.version values ($1)', [schemaVersion]);
    else await this.check();
  }

  /** Throws FleetError when the database cannot be reached or has no tables that this version understands. */
  async check(): Promise<void> {
    const { rows } = await this.#reached(() =>
      this.#pool.query(`select to_regclass('provision_fleet.version') as there`),
    );
    if (rows[0]?.there === null)
      throw new FleetError(
        'the database has no tables of a fleet',
        'run `provision fleet init postgres://...` with this database',
      );
    const versions = await this.#pool.query('select version from provision_fleet.version');
    const version: unknown = versions.rows[0]?.version;
    if (version === schemaVersion) return;
    throw new FleetError(
      `the fleet's tables are of version ${String(version)}, and this provision knows version ${schemaVersion}`,
      'install the same version of provision on all machines of the fleet',
    );
  }

  /** Runs one statement; rejects with what the database or the network says. */
  async rows(statement: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.#pool.query(statement, [...values])).rows;
  }

  /** Runs a statement until the database answers; false when `patience` (milliseconds) is over before. */
  async persistently(
    statement: string,
    values: readonly unknown[],
    patience: number,
  ): Promise<readonly Row[] | undefined> {
    const end = performance.now() + patience;
    for (;;) {
      try {
        return await this.rows(statement, values);
      } catch (error) {
        if (!isOutage(error)) throw error;
        if (performance.now() > end || this.#closed) return undefined;
        await pause(again);
      }
    }
  }

  /** Runs statements in one transaction. */
  async together(
    work: (run: (statement: string, values: readonly unknown[]) => Promise<readonly Row[]>) => Promise<void>,
  ): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      await work(async (statement, values) => (await client.query(statement, [...values])).rows);
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Waits until something has happened to the run, for so many milliseconds at most. */
  async news(run: string, patience: number): Promise<void> {
    await this.#listen();
    await new Promise<void>((resolve) => {
      const all = this.#listeners.get(run) ?? new Set();
      this.#listeners.set(run, all);
      const done = (): void => {
        clearTimeout(timer);
        all.delete(done);
        resolve();
      };
      const timer = setTimeout(done, patience);
      all.add(done);
    });
  }

  /** Wakes all who wait for news of the run, on all machines. */
  async tell(run: string): Promise<void> {
    await this.rows('select pg_notify($1, $2)', [channel, run]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#listening?.end().catch(() => undefined);
    await this.#pool.end();
  }

  async #listen(): Promise<void> {
    if (this.#listening) return;
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: connectTimeout,
      keepAlive: true,
      application_name: 'provision',
    });
    this.#listening = client;
    const lost = (): void => {
      if (this.#listening === client) this.#listening = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload }) => {
      for (const wake of [...(this.#listeners.get(payload ?? '') ?? [])]) wake();
    });
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch {
      lost();
    }
  }

  async #reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const at = new URL(this.#url);
      throw new FleetError(
        `the fleet's database at ${at.host}${at.pathname} cannot be used: ${thrownText(error)}`,
        'see that PostgreSQL runs there and lets this machine in: psql with the same address shows it',
      );
    }
  }
}

/** Waits so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// What PostgreSQL says of a statement is our mistake; all else is the network, or a server that stops or starts.
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return !/^[0-9A-Z]{5}$/.test(code) || /^(?:08|53|57)/.test(code);
}
