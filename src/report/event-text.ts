/** A stretch of text, by its offsets. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What is left of a text when some of its characters are left out, and where each of those that stay comes from. */
export interface TextView {
  readonly text: string;
  places(): Int32Array;
}

/** Shorter runs may be a word of something else. */
export const longRun = 16;

const other = /[^A-Za-z0-9+/]+/g;
const encoded = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  encoded[character.charCodeAt(0)] = 1;

/** The strings of an event as one text of many lines, for what is spread over lines, items and fields. */
export class EventText {
  readonly #texts: readonly string[];
  readonly joined: string;
  #squeezed: TextView | undefined;
  #runs: readonly Stretch[] | undefined;
  #tails: { readonly view: TextView | undefined } | undefined;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.joined = texts.join('\n');
  }

  /** Only letters, digits, `+` and `/`: no line breaks, no spaces, no quotes. */
  get squeezed(): TextView {
    this.#squeezed ??= {
      text: squeezed(this.joined),
      places: once(() => {
        const places: number[] = [];
        for (let at = 0; at < this.joined.length; at++) if (isEncoded(this.joined, at)) places.push(at);
        return Int32Array.from(places);
      }),
    };
    return this.#squeezed;
  }

  /** Long runs of such characters, and the last run of a line without them: what stands behind a line's number or mark. */
  get runs(): readonly Stretch[] {
    this.#runs ??= lineRuns(this.joined);
    return this.#runs;
  }

  /** All `runs`, one behind the other; undefined where that is the whole text anyway. */
  get tails(): TextView | undefined {
    this.#tails ??= { view: this.#tailsView() };
    return this.#tails.view;
  }

  #tailsView(): TextView | undefined {
    const text = this.runs.map(({ start, end }) => this.joined.slice(start, end)).join('');
    if (this.runs.length < 2 || text === this.squeezed.text) return undefined;
    return {
      text,
      places: once(() => {
        const places = new Int32Array(text.length);
        let next = 0;
        for (const { start, end } of this.runs) for (let at = start; at < end; at++) places[next++] = at;
        return places;
      }),
    };
  }

  /** The strings again, with each stretch replaced. Stretches may overlap and stand in any order. */
  without(stretches: readonly Stretch[], mask: string): readonly string[] {
    if (stretches.length === 0) return this.#texts;
    const sorted = stretches.toSorted((one, two) => one.start - two.start);
    let next = 0;
    let offset = 0;
    return this.#texts.map((text) => {
      const end = offset + text.length;
      let rest = offset;
      let hidden = '';
      for (let one = sorted[next]; one !== undefined && one.start < end; one = sorted[++next]) {
        if (one.end <= rest) continue;
        if (one.start >= rest) hidden += this.joined.slice(rest, one.start) + mask;
        rest = Math.min(one.end, end);
      }
      hidden += this.joined.slice(rest, end);
      offset = end + 1;
      return hidden;
    });
  }
}

/** A text without everything that base64 is not made of. */
export function squeezed(text: string): string {
  return text.replace(other, '');
}

/** Where the characters of a part of a view stand: together what stands together on one line, or nearly so. */
export function placesOf(view: TextView, start: number, end: number, joined: string): readonly Stretch[] {
  const places = view.places();
  const stretches: { start: number; end: number }[] = [];
  for (let at = start; at < end; at++) {
    const place = places[at] ?? 0;
    const last = stretches.at(-1);
    if (last && place - last.end <= near && !joined.slice(last.end, place).includes('\n'))
      last.end = place + 1;
    else stretches.push({ start: place, end: place + 1 });
  }
  return stretches;
}

// What a blank or a quote between two characters takes.
const near = 4;

function lineRuns(text: string): readonly Stretch[] {
  const runs: Stretch[] = [];
  let begin = 0;
  for (;;) {
    const newline = text.indexOf('\n', begin);
    const end = newline === -1 ? text.length : newline;
    runs.push(...runsOf(text, begin, end));
    if (newline === -1) return runs;
    begin = newline + 1;
  }
}

// The long runs of a line, and one behind them that ends with what fills base64 up; where none is long, the last.
function runsOf(text: string, begin: number, end: number): readonly Stretch[] {
  const long: Stretch[] = [];
  let last: Stretch | undefined;
  for (let at = begin; at < end; at++) {
    if (!isEncoded(text, at)) continue;
    const start = at;
    while (at < end && isEncoded(text, at)) at++;
    last = { start, end: at };
    if (at - start >= longRun || (long.length > 0 && at < end && text[at] === '=')) long.push(last);
  }
  return long.length > 0 || !last ? long : [last];
}

function isEncoded(text: string, at: number): boolean {
  return encoded[text.charCodeAt(at)] === 1;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
