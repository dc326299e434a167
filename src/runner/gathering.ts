/** Where the hosts of a play lay down what they bring to a task that all do together. */
export class Gathering<Brought> {
  readonly brought = new Map<string, Brought>();
  readonly #awaited: Set<string>;

  /** @param awaited hosts that may still come */
  constructor(awaited: Iterable<string>) {
    this.#awaited = new Set(awaited);
  }

  arrive(host: string, brought: Brought): void {
    this.brought.set(host, brought);
    this.#awaited.delete(host);
  }

  /** A host will not come: it has passed the task by, or left the play. */
  miss(host: string): void {
    this.#awaited.delete(host);
  }

  /** Nobody is waited for any more. */
  get complete(): boolean {
    return this.#awaited.size === 0;
  }
}
