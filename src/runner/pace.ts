// Milliseconds of work at a stretch: a connection that speaks meanwhile is heard after so long.
const stretch = 10;

/**
 * Cuts work for very many hosts into short stretches: whoever comes when one is over waits, in the order in which all came,
 * until the process has looked at its connections and timers again.
 */
export class Pace {
  readonly #clock: () => number;
  readonly #waiting: (() => void)[] = [];
  #ends = 0;
  #begun = false;
  /** Somebody may go on, and what it does at once is not done yet. */
  #going = false;

  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  /** To be waited for before each piece of work: a task of a host, a question about one. */
  async step(): Promise<void> {
    if (!this.#begun) this.#begin();
    const mine = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!this.#going && this.#clock() < this.#ends) this.#release();
    await mine;
  }

  /** Begins something for each of very many, one by one; resolves when all of it has ended, and rejects as the first that does. */
  async each<T>(all: Iterable<T>, work: (one: T) => Promise<unknown>): Promise<void> {
    const begun: Promise<unknown>[] = [];
    for (const one of all) {
      await this.step();
      const mine = work(one);
      mine.catch(() => undefined); // it is awaited only when all have begun
      begun.push(mine);
    }
    await Promise.all(begun);
  }

  #begin(): void {
    this.#begun = true;
    this.#ends = this.#clock() + stretch;
    setImmediate(() => {
      this.#begun = false;
      if (this.#waiting.length === 0) return;
      this.#begin();
      this.#release();
    });
  }

  // One at a time: what it does until it waits for something counts before the next one goes on.
  #release(): void {
    this.#going = true;
    this.#waiting.shift()?.();
    queueMicrotask(() =>
      process.nextTick(() => {
        this.#going = false;
        if (this.#waiting.length > 0 && this.#clock() < this.#ends) this.#release();
      }),
    );
  }
}
