import type { RunEvent } from '../runner/events.ts';
import type { Seal } from './sealing.ts';
import type { ShardClaim } from './shard-claim.ts';

// Milliseconds for which events are gathered, so that thousands of hosts do not mean thousands of statements.
const gathered = 50;

/** Where a shard's events are written, in order, several at once. */
export class EventLog {
  readonly #claim: ShardClaim;
  readonly #seal: Seal;
  #events: RunEvent[] = [];
  #seq = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(claim: ShardClaim, seal: Seal) {
    this.#claim = claim;
    this.#seal = seal;
  }

  add(event: RunEvent): void {
    this.#events.push(event);
    this.#timer ??= setTimeout(() => void this.flush(), gathered);
  }

  /** Writes what has been added; resolves when it is there, or the database has been away for too long. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#events;
    if (events.length > 0) {
      this.#events = [];
      const seq = this.#seq++;
      const body = this.#seal.closeValue(events, eventPlace(this.#claim, this.#claim.attempt, seq));
      this.#writing = this.#writing.then(() => this.#claim.append(seq, body)).catch(() => undefined);
    }
    await this.#writing;
  }
}

/** What events are sealed for. */
export function eventPlace(
  { run, shard }: { readonly run: string; readonly shard: number },
  attempt: number,
  seq: number,
): string {
  return `run ${run} shard ${shard} events ${attempt}.${seq}`;
}
