/** Lets at most `forks` pieces of work (programs on hosts) go on at once; the others wait in order. */
export class ForkLimit {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(forks: number) {
    this.#free = forks;
  }

  /**
   * Runs the work when a place is free.
   * @param onWait called when none is, and once more when one is
   */
  async within<T>(work: () => Promise<T>, onWait?: (waits: boolean) => void): Promise<T> {
    if (this.#free > 0) this.#free--;
    else {
      onWait?.(true);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      onWait?.(false);
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
