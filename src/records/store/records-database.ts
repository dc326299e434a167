import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { ExpectedError } from '../../errors/expected-error.ts';
import { thrownText } from '../../errors/thrown-text.ts';
import { schema, schemaVersion } from './records-schema.ts';
import { sqlite } from './sqlite.ts';

/** Why runs cannot be kept, or not be read. */
export class RecordsError extends ExpectedError {}

/** One row, by its columns. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

// Milliseconds for which another run may write.
const patience = 500;

/** The database of all runs that a user made on this machine. */
export class RecordsDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`PRAGMA busy_timeout = ${patience}; PRAGMA foreign_keys = ON;`);
  }

  /** One that lives as long as this process. */
  static inMemory(): RecordsDatabase {
    const { DatabaseSync } = library();
    const database = new RecordsDatabase(new DatabaseSync(':memory:'));
    database.#make();
    return database;
  }

  /** Opens the database of a directory, and makes both when they are missing. Throws `RecordsError`. */
  static open(directory: string): RecordsDatabase {
    const { DatabaseSync } = library();
    try {
      ownDirectory(directory);
      const path = join(directory, file);
      // What SQLite puts beside it gets the same rights.
      closeSync(openSync(path, 'a', 0o600));
      const database = new RecordsDatabase(new DatabaseSync(path));
      // A commit waits for no disk; after a crash of the machine the last runs may be missing, no more.
      database.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      database.#make();
      return database;
    } catch (error) {
      if (error instanceof RecordsError) throw error;
      throw new RecordsError(`${join(directory, file)}: ${thrownText(error)}`);
    }
  }

  /** Runs a statement that gives no rows; returns the id of a row that it put in. */
  put(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }

  /** All rows of a query. */
  rows(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...values);
  }

  /** All that the work puts, or nothing of it. Throws `RecordsError`. */
  together(work: () => void): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.#database.exec('COMMIT');
      } catch (error) {
        // Some errors have ended it already.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      throw new RecordsError(thrownText(error));
    }
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #make(): void {
    const version = this.#version();
    if (version > schemaVersion)
      throw new RecordsError('it was written by a newer version of provision, which this one cannot read');
    if (version === schemaVersion) return;
    this.together(() => {
      // Another run may have made the tables meanwhile.
      if (this.#version() === 0) this.#database.exec(schema);
    });
  }

  #version(): number {
    return Number(this.#database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  }
}

const file = 'runs.sqlite';

/** Whether this Node has a database. */
export function databaseThere(): boolean {
  return sqlite() !== undefined;
}

function library(): typeof import('node:sqlite') {
  const found = sqlite();
  if (!found) throw new RecordsError(`Node ${process.version} was built without SQLite (node:sqlite)`);
  return found;
}

// Others could put a database of theirs there, and read what runs changed.
function ownDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(directory);
  if (uid !== process.getuid?.()) throw new RecordsError(`${directory} belongs to another user`);
  if ((mode & 0o022) !== 0)
    throw new RecordsError(`others may write to ${directory}: \`chmod 700 ${directory}\``);
}
