/**
 * How long this thread is kept from its timers by its own work. Time in which other processes have the processor is left out:
 * it says nothing about the code.
 */
export class Pauses {
  #used = process.threadCpuUsage();
  #longest = 0;

  constructor() {
    setInterval(() => this.#look(), 5).unref();
  }

  /** The longest pause so far, in milliseconds. */
  get longest(): number {
    this.#look();
    return this.#longest;
  }

  #look(): void {
    const { user, system } = process.threadCpuUsage();
    this.#longest = Math.max(this.#longest, (user + system - this.#used.user - this.#used.system) / 1000);
    this.#used = { user, system };
  }
}
