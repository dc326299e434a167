/** A text that an evaluation read, under the name or key by which it did. */
export interface Read {
  readonly name: string;
  readonly text: string;
}

/**
 * What an evaluation reads: variables, and what they are computed from; keys of mappings, items of lists, lookups. Of a
 * mapping or a list that is looked into only the parts that were taken count, of any other all of it.
 */
export class Reads {
  readonly #values: { readonly name: string; readonly value: unknown }[] = [];
  readonly #others: Reads[] = [];
  readonly #opened = new WeakSet<object>();
  readonly #tracked = new WeakSet<object>();
  /** Facts and magic variables, and parts of them. */
  readonly #known = new WeakSet<object>();

  /** A variable. What everybody may know (names of hosts, facts) is only remembered as such. */
  variable(name: string, value: unknown, secret: boolean): void {
    if (secret) this.#add(name, value);
    else if (isObject(value)) this.#known.add(value);
  }

  /** A part of something, by its key. */
  part(of: unknown, key: string, value: unknown): void {
    if (isObject(of) && this.#known.has(of)) {
      if (isObject(value) && !this.#tracked.has(value)) this.#known.add(value);
      return;
    }
    if (isObject(of)) this.#opened.add(of);
    this.#add(key, value);
  }

  /** What an earlier evaluation read, whose result this one reads. */
  further(reads: Reads): void {
    if (reads !== this) this.#others.push(reads);
  }

  /** All texts, numbers among them. */
  texts(): readonly Read[] {
    const seen = new Set<object>();
    const found: Read[] = [];
    this.#collect(found, seen);
    return found;
  }

  #add(name: string, value: unknown): void {
    if (isObject(value)) this.#tracked.add(value);
    this.#values.push({ name, value });
  }

  #collect(found: Read[], seen: Set<object>): void {
    if (seen.has(this)) return;
    seen.add(this);
    for (const { name, value } of this.#values) this.#leaves(name, value, found, seen);
    for (const other of this.#others) other.#collect(found, seen);
  }

  #leaves(name: string, value: unknown, found: Read[], seen: Set<object>): void {
    if (typeof value === 'string' || typeof value === 'number') found.push({ name, text: String(value) });
    if (!isObject(value) || seen.has(value) || this.#opened.has(value)) return;
    seen.add(value);
    const named = Array.isArray(value);
    for (const [key, part] of Object.entries(value)) this.#leaves(named ? name : key, part, found, seen);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
