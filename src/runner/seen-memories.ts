import type { HostMemory, HostValue, Memories } from '../language/evaluate/host-memory.ts';

/** Another host's values as a template sees them through hostvars: what its coming tasks will set is pending. */
class SeenValues extends Map<string, HostValue> {
  readonly #own: ReadonlyMap<string, HostValue>;
  readonly #awaited: ReadonlyMap<string, HostValue>;

  constructor(own: ReadonlyMap<string, HostValue>, awaited: ReadonlyMap<string, HostValue>) {
    super();
    this.#own = own;
    this.#awaited = awaited;
  }

  override get(name: string): HostValue | undefined {
    return this.#own.get(name) ?? this.#awaited.get(name);
  }

  override has(name: string): boolean {
    return this.#own.has(name) || this.#awaited.has(name);
  }

  override *entries(): MapIterator<[string, HostValue]> {
    yield* new Map([...this.#awaited, ...this.#own]).entries();
  }

  override *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  override [Symbol.iterator](): MapIterator<[string, HostValue]> {
    return this.entries();
  }
}

/** A host whose memory others may read. */
interface Rememberer {
  readonly memory: HostMemory;
  /** Names that coming tasks of the current play will set. */
  readonly awaited: ReadonlyMap<string, HostValue>;
}

interface Elsewhere {
  memoryOf(host: string): HostMemory | undefined;
}

/** The memories of all hosts of a run: each host sees its own as it is, the others' with what is still to come. */
export class RunMemories {
  readonly #hosts: ReadonlyMap<string, Rememberer>;
  readonly #seen = new Map<string, HostMemory>();

  readonly #elsewhere: Elsewhere | undefined;
  /** Of hosts that tasks are delegated to only. */
  readonly #strangers = new Map<string, HostMemory>();

  /** @param elsewhere what is known of hosts that other parts of the run work on */
  constructor(hosts: ReadonlyMap<string, Rememberer>, elsewhere?: Elsewhere) {
    this.#hosts = hosts;
    this.#elsewhere = elsewhere;
  }

  /** Where what is found of a host is kept, also of one that no play is about. */
  of(host: string): HostMemory {
    const memory = this.#hosts.get(host)?.memory ??
      this.#strangers.get(host) ?? { facts: new Map(), values: new Map() };
    if (!this.#hosts.has(host)) this.#strangers.set(host, memory);
    return memory;
  }

  seenBy(viewer: string): Memories {
    return { get: (host) => (host === viewer ? this.#hosts.get(host)?.memory : this.#others(host)) };
  }

  /** Whether a task that has not run yet will set a host's variable. */
  pends(host: string, variable: string): boolean {
    const seen = this.#hosts.get(host);
    return (seen?.memory.values.get(variable) ?? seen?.awaited.get(variable))?.kind === 'pending';
  }

  // Made when a template first looks into the host, and the same for all who do.
  #others(host: string): HostMemory | undefined {
    const known = this.#seen.get(host);
    const seen = this.#hosts.get(host);
    if (!seen) return this.#strangers.get(host) ?? this.#elsewhere?.memoryOf(host);
    if (known) return known;
    const { memory, awaited } = seen;
    const made = { facts: memory.facts, values: new SeenValues(memory.values, awaited) };
    this.#seen.set(host, made);
    return made;
  }
}
