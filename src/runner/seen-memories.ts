import type { HostMemory, HostValue } from '../language/evaluation.ts';

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
export interface Rememberer {
  readonly name: string;
  readonly memory: HostMemory;
  /** Names that coming tasks of the current play will set. */
  readonly awaited: ReadonlyMap<string, HostValue>;
}

/** All memories from one host's point of view: its own as it is, the others' with what is still to come. */
export function memoriesSeenBy(
  viewer: Rememberer,
  hosts: Iterable<Rememberer>,
): ReadonlyMap<string, HostMemory> {
  const memories = new Map<string, HostMemory>();
  for (const { name, memory, awaited } of hosts) {
    const seen = { facts: memory.facts, values: new SeenValues(memory.values, awaited) };
    memories.set(name, name === viewer.name ? memory : seen);
  }
  return memories;
}
