/** What a host's own programs pass through: they run side by side, and wait while the host is held for another one. */
export class HostGate {
  #inside = 0;
  #closed = false;
  #changed = Promise.withResolvers<void>();

  /** Runs the work as soon as the gate is open. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    while (this.#closed) await this.#changed.promise;
    this.#inside++;
    try {
      return await work();
    } finally {
      this.#inside--;
      this.#wake();
    }
  }

  /** Lets nothing in any more and waits until all that is inside has ended. */
  async close(): Promise<void> {
    while (this.#closed) await this.#changed.promise;
    this.#closed = true;
    while (this.#inside > 0) await this.#changed.promise;
  }

  open(): void {
    this.#closed = false;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
