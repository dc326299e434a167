import { thrownText } from '../../errors/thrown-text.ts';
import type { RunEvent } from '../../runner/events.ts';
import type { Noted } from '../run-record.ts';
import type { RecordsDatabase } from './records-database.ts';
import { forgetOldRuns } from './retention.ts';
import { type RunHead, RunRows } from './run-rows.ts';

/** What keeps a run while it goes on. Events must have been redacted. */
export interface RecorderOptions {
  readonly head: Omit<RunHead, 'started'>;
  /** What a domain notes of an event. */
  noted(event: RunEvent): readonly Noted[];
  /** Is given once why the run is not kept; it goes on all the same. */
  trouble(why: string): void;
}

// Milliseconds: a run that is killed has left what it did until then.
const first = 200;
const between = 1000;
const most = 2000;

interface Waiting {
  readonly event: RunEvent;
  readonly at: number;
}

/** Keeps one run: its events wait in memory and are written in batches, each whole or not at all. */
export class RunRecorder {
  readonly #database: RecordsDatabase;
  readonly #options: RecorderOptions;
  readonly #began = performance.now();
  readonly #started = new Date().toISOString();
  #waiting: Waiting[] = [];
  #rows: RunRows | undefined;
  #timer: NodeJS.Timeout | undefined;
  #broken = false;

  constructor(database: RecordsDatabase, options: RecorderOptions) {
    this.#database = database;
    this.#options = options;
    this.#timer = setTimeout(() => this.#again(), first).unref();
  }

  take(event: RunEvent): void {
    if (this.#broken) return;
    this.#waiting.push({ event, at: performance.now() - this.#began });
    if (this.#waiting.length >= most) this.#write();
  }

  /** Writes what is left, and forgets old runs; gives the number of the run, undefined when it was not kept. */
  end(exitCode: number): number | undefined {
    clearTimeout(this.#timer);
    const { playbook } = this.#options.head;
    this.#write((rows) => {
      rows.end(exitCode, Math.round(performance.now() - this.#began));
      forgetOldRuns(this.#database, playbook);
    });
    return this.#broken ? undefined : this.#rows?.run;
  }

  #again(): void {
    this.#write();
    if (!this.#broken) this.#timer = setTimeout(() => this.#again(), between).unref();
  }

  #write(also?: (rows: RunRows) => void): void {
    if (this.#broken || (this.#waiting.length === 0 && !also && this.#rows)) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.#database.together(() => {
        this.#rows ??= new RunRows(this.#database, { ...this.#options.head, started: this.#started });
        for (const { event, at } of waiting) {
          this.#rows.put(event, at);
          for (const note of this.#options.noted(event)) this.#rows.note(note);
        }
        also?.(this.#rows);
      });
    } catch (error) {
      this.#broken = true;
      this.#options.trouble(thrownText(error));
    }
  }
}
