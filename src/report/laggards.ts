/** Those of many hosts that are not past something yet; who once was found past it is not asked about again. */
export class Laggards {
  readonly #rest: Iterator<string>;
  #first: string | undefined;

  /** @param hosts a collection that may still grow */
  constructor(hosts: Iterable<string>) {
    this.#rest = hosts[Symbol.iterator]();
  }

  /** Whether there are none any more; false until then, and not to be asked again after it. */
  none(past: (host: string) => boolean): boolean {
    while (this.#first === undefined || past(this.#first)) {
      const next = this.#rest.next();
      if (next.done) return true;
      this.#first = next.value;
    }
    return false;
  }
}
