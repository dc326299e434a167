/** A span of time that can stand still while somebody is asked something. */
export class Deadline {
  readonly milliseconds: number;
  readonly #abort = new AbortController();
  #left: number;
  #began = 0;
  #pauses = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
    this.#left = milliseconds;
    this.#start();
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Waits for work, but rejects with the given error when the time is over first. */
  race<Value>(work: Promise<Value>, error: () => Error): Promise<Value> {
    return new Promise((resolve, reject) => {
      const expire = (): void => reject(error());
      if (this.signal.aborted) expire();
      this.signal.addEventListener('abort', expire, { once: true });
      work.then(resolve, reject).finally(() => this.signal.removeEventListener('abort', expire));
    });
  }

  /** Does not count the time that the work takes. */
  async pausedFor<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#pauses++ === 0) this.#stop();
    try {
      return await work();
    } finally {
      if (--this.#pauses === 0) this.#start();
    }
  }

  /** Ends it before its time. */
  clear(): void {
    this.#pauses = Number.POSITIVE_INFINITY;
    this.#stop();
  }

  #start(): void {
    this.#began = performance.now();
    this.#timer = setTimeout(() => this.#abort.abort(), this.#left);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#left = Math.max(0, this.#left - (performance.now() - this.#began));
  }
}
