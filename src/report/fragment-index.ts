import { type EventText, placesOf, type Stretch, squeezed, type TextView } from './event-text.ts';

/** The fewest characters of a text that is found although it is broken up: shorter ones stand in texts that have nothing to do with them. */
const shortest = 8;
const partLength = 12;
const tableBits = 20;

interface Part {
  readonly body: string;
  readonly at: number;
}

/** Finds known texts, and longer parts of some, however they are broken up; it takes the time of reading, however many there are. */
export class FragmentIndex {
  /** Whole texts by their first characters. */
  readonly #whole = new Map<string, string[]>();
  readonly #parts = new Map<string, Part[]>();
  readonly #known = new Set<string>();
  readonly #bodies = new Set<string>();
  // Most characters begin nothing: that is known here without making a string of them.
  readonly #beginnings = new Uint8Array(1 << tableBits);

  /** A text that is hidden when the whole of it is found. */
  addWhole(text: string): void {
    const word = squeezed(text);
    if (word.length < shortest || this.#known.has(word)) return;
    this.#known.add(word);
    add(this.#whole, word.slice(0, shortest), word);
    this.#begin(word);
  }

  /** A text of which a part is hidden too, with what goes on to its left and right, if it is `step` longer than 12 characters. */
  addBody(text: string, step: number): void {
    const body = squeezed(text);
    const last = body.length - partLength;
    if (last < 0 || this.#bodies.has(body)) return;
    this.#bodies.add(body);
    for (let at = 0; at < last; at += step) this.#addPart(body, at);
    this.#addPart(body, last);
  }

  /** Where something known stands. */
  within(event: EventText): readonly Stretch[] {
    if (this.#known.size + this.#bodies.size === 0) return [];
    const { squeezed: whole, tails } = event;
    return [whole, tails].flatMap((view) => (view ? this.#in(view, event.joined) : []));
  }

  #addPart(body: string, at: number): void {
    const part = body.slice(at, at + shortest);
    add(this.#parts, part, { body, at });
    this.#begin(part);
  }

  #begin(word: string): void {
    let hash = 0;
    for (let at = 0; at < shortest; at++) hash = rolled(hash, word.charCodeAt(at));
    this.#beginnings[placeOf(hash)] = 1;
  }

  #in(view: TextView, joined: string): readonly Stretch[] {
    const { text } = view;
    const stretches: Stretch[] = [];
    let covered = 0;
    let hash = 0;
    for (let end = 0; end < text.length; end++) {
      hash = rolled(hash, text.charCodeAt(end));
      const at = end - shortest + 1;
      if (at < covered || this.#beginnings[placeOf(hash)] !== 1) continue;
      const found = this.#at(text, at);
      if (!found) continue;
      covered = found.end;
      stretches.push(...placesOf(view, found.start, found.end, joined));
    }
    return stretches;
  }

  // The longest of what begins here; a part goes on to both sides.
  #at(text: string, at: number): Stretch | undefined {
    const beginning = text.slice(at, at + shortest);
    const ends = (this.#whole.get(beginning) ?? [])
      .filter((word) => text.startsWith(word, at))
      .map((word) => ({ start: at, end: at + word.length }));
    const parts = (this.#parts.get(beginning) ?? []).map((part) => extended(text, at, part));
    const found = [...ends, ...parts.filter(({ start, end }) => end - start >= partLength)];
    return found.sort((one, two) => two.end - two.start - (one.end - one.start))[0];
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const same = map.get(key);
  if (!same) map.set(key, [value]);
  else if (same.length < mostAlike) same.push(value);
}

// A body that repeats itself would be compared with itself again and again.
const mostAlike = 32;

// Of eight characters, whatever stood before them: eight shifts by four bits leave nothing of the ninth.
function rolled(hash: number, code: number): number {
  return (hash << 4) + code * 0x2f0b;
}

function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - tableBits);
}

function extended(text: string, found: number, { body, at }: Part): Stretch {
  let before = 0;
  while (before < at && before < found && text[found - before - 1] === body[at - before - 1]) before++;
  let length = shortest;
  while (at + length < body.length && text[found + length] === body[at + length]) length++;
  return { start: found - before, end: found + length };
}
