/** Sets of hosts, of which two become one. */
export class HostGroups {
  readonly #of: Map<string, string[]>;

  constructor(names: readonly string[]) {
    this.#of = new Map(names.map((name) => [name, [name]]));
  }

  /** Puts the sets of two hosts together. */
  join(one: string, other: string): void {
    const a = this.#set(one);
    const b = this.#set(other);
    if (a === b) return;
    const [large, small] = a.length >= b.length ? [a, b] : [b, a];
    large.push(...small);
    for (const host of small) this.#of.set(host, large);
  }

  /** All that are in one set with a host. */
  of(host: string): readonly string[] {
    return this.#of.get(host) ?? [];
  }

  all(): readonly (readonly string[])[] {
    return [...new Set(this.#of.values())];
  }

  #set(host: string): string[] {
    const set = this.#of.get(host) ?? [host];
    this.#of.set(host, set);
    return set;
  }
}
