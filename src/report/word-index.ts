/** The fewest characters that a word of an index has. */
export const shortestWord = 4;

const places = 65_536;

/** Finds which of many words stand in a text; that takes the time of reading it, however many words there are. */
export class WordIndex {
  /** Words in the order in which they came. */
  readonly #order = new Map<string, number>();
  /** How long the words are that begin with these characters. */
  readonly #lengths = new Map<string, Set<number>>();
  // Most characters begin no word: that is known here without making a string of them.
  readonly #beginnings = new Uint8Array(places);

  /** Adds a word of at least `shortestWord` characters; one that is there already stays as it is. */
  add(word: string): void {
    if (this.#order.has(word)) return;
    this.#order.set(word, this.#order.size);
    const beginning = word.slice(0, shortestWord);
    const lengths = this.#lengths.get(beginning) ?? new Set();
    this.#lengths.set(beginning, lengths.add(word.length));
    this.#beginnings[placeOf(word, 0)] = 1;
  }

  /** The words that stand in a text, longest first, else in the order in which they came. */
  within(text: string): readonly string[] {
    const found = new Set<string>();
    if (this.#order.size === 0) return [];
    for (let at = 0; at + shortestWord <= text.length; at++) {
      if (this.#beginnings[placeOf(text, at)] !== 1) continue;
      for (const length of this.#lengths.get(text.slice(at, at + shortestWord)) ?? []) {
        const word = text.slice(at, at + length);
        if (this.#order.has(word)) found.add(word);
      }
    }
    const rank = (word: string): number => this.#order.get(word) ?? 0;
    return [...found].sort((a, b) => b.length - a.length || rank(a) - rank(b));
  }
}

// Four characters at once: `shortestWord`. Small numbers only, which are quick to divide.
function placeOf(text: string, at: number): number {
  const first = text.charCodeAt(at) * 7 + text.charCodeAt(at + 1) * 31;
  return (first + text.charCodeAt(at + 2) * 131 + text.charCodeAt(at + 3) * 521) % places;
}
