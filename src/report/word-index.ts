/** The fewest characters that a word of an index has. */
export const shortestWord = 4;

const places = 1 << 20;

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
    let four = 0;
    for (let at = 0; at < shortestWord; at++) four = (four << 8) ^ word.charCodeAt(at);
    this.#beginnings[placeOf(four)] = 1;
  }

  /** The words that stand in a text, longest first, else in the order in which they came. */
  within(text: string): readonly string[] {
    const found = new Set<string>();
    if (this.#order.size === 0) return [];
    let four = 0;
    for (let end = 0; end < text.length; end++) {
      four = (four << 8) ^ text.charCodeAt(end);
      if (this.#beginnings[placeOf(four)] !== 1) continue;
      const at = end - shortestWord + 1;
      for (const length of this.#lengths.get(text.slice(at, at + shortestWord)) ?? []) {
        const word = text.slice(at, at + length);
        if (this.#order.has(word)) found.add(word);
      }
    }
    const rank = (word: string): number => this.#order.get(word) ?? 0;
    return [...found].sort((a, b) => b.length - a.length || rank(a) - rank(b));
  }
}

// Of four characters, each moved by eight bits: what stood before them has been moved out.
function placeOf(four: number): number {
  return Math.imul(four, 0x9e3779b1) >>> 12;
}
