import { type EventText, longRun, type Stretch } from './event-text.ts';

/** Lines of private keys that were found in an event. */
export interface FoundKeys {
  /** Where the lines of keys stand, without what stands before them. */
  readonly lines: readonly Stretch[];
  /** What keys are made of: base64 without line breaks. */
  readonly bodies: readonly string[];
  /** The same with line breaks, as others may encode it. */
  readonly texts: readonly string[];
  /** What was encoded: texts with keys in them. */
  readonly inside: readonly string[];
  /** The last key has begun and not ended: what comes next may go on with it. */
  readonly open: boolean;
}

const mark = /(?:BEGIN|END)[A-Z0-9]{0,20}?PRIVATEKEY/g;
// How DER and OpenSSH begin a private key, and how `-----BEGIN` looks in base64, whatever stands before it.
const bare = new RegExp(
  `(?<!CERTIFICATE)(?:${[
    'MII[A-Za-z0-9+/]{2}[AQgw]IBA(?:AKC|DAN|DAL|DAQ)',
    'MI[GH][A-Za-z0-9+/]AgE[AB](?:MB|BD|BE|AoG|AkE)',
    'MHcCAQEEI',
    'M[A-Z]4CAQAwBQYDK2',
    'M[A-Z]CAQAwBQYDK2',
    'BgkqhkiG9w0BBQ0w',
    'b3BlbnNzaC1rZXktdjE',
    // The same in base64 once more.
    'TUlJ[A-Za-z0-9+/]{4}SUJB(?:REFO|QUtD|REFM|REFR)',
    'TUlH[A-Za-z0-9+/]{2}FnRU[FJ][A-Z]',
    'TUhjQ0FRRUVJ',
    'TU[A-Za-z0-9]0Q0FRQXdC',
    'YjNCbGJuTnphQzFy',
  ].join('|')})`,
  'g',
);
const wrapped = /LS0tLS1CRUdJTi|tLS0tLUJFR0lO|0tLS0tQkVHSU4g/g;
// So many characters of base64 hold `-----BEGIN ENCRYPTED PRIVATE KEY-----`.
const titleLength = 64;
const none: FoundKeys = { lines: [], bodies: [], texts: [], inside: [], open: false };

/**
 * Private keys in an event, also when each of their lines is a text of its own, has a number or a mark before it, or is in base64 itself.
 * @param open a key had begun in the event before
 */
export function keysIn(event: EventText, open: boolean): FoundKeys {
  const { text } = event.squeezed;
  const named = text.includes('PRIVATEKEY');
  if (!open && !named && text.search(bare) === -1 && text.search(wrapped) === -1) return none;
  const keys = new KeyLines(event);
  if (open) keys.goOn();
  let still = open;
  const marks = named ? keys.positions(mark) : [];
  marks.forEach((one, index) => {
    const next = marks[index + 1];
    const before = marks[index - 1];
    still = one.begins;
    if (one.begins && next?.begins === false) keys.between(one.end, next.start);
    else if (one.begins) keys.from(one.end, 1, next?.start);
    else if (before?.begins !== true) keys.upTo(one.start, before?.end ?? 0);
  });
  const bareKeys = keys.positions(bare);
  for (const { start } of bareKeys) keys.from(start, 0);
  const encodedKeys = keys.positions(wrapped).filter(({ start }) => keys.encoded(start));
  const unended = [...bareKeys, ...encodedKeys].some(({ start }) => start > (marks.at(-1)?.end ?? -1));
  return { ...keys.found, open: still || unended };
}

/** Gathers the lines of keys; lines are counted as the event's `runs` are. */
class KeyLines {
  readonly #event: EventText;
  readonly #lines: Stretch[] = [];
  readonly #bodies: string[] = [];
  readonly #texts: string[] = [];
  readonly #inside: string[] = [];
  readonly #taken = new Set<number>();

  constructor(event: EventText) {
    this.#event = event;
  }

  get found(): Omit<FoundKeys, 'open'> {
    return { lines: this.#lines, bodies: this.#bodies, texts: this.#texts, inside: this.#inside };
  }

  /** Where a pattern of letters stands in the text itself, whatever stands between them or begins the lines. */
  positions(pattern: RegExp): readonly (Stretch & { readonly begins: boolean })[] {
    const views = [this.#event.squeezed, this.#event.tails].filter((view) => view !== undefined);
    const found = views.flatMap(({ text, places }) =>
      [...text.matchAll(pattern)].map((match) => ({
        start: places()[match.index] ?? 0,
        end: (places()[match.index + match[0].length - 1] ?? 0) + 1,
        begins: match[0].startsWith('BEGIN'),
      })),
    );
    const distinct = new Map(found.map((one) => [one.start, one]));
    return [...distinct.values()].sort((one, two) => one.start - two.start);
  }

  /** Everything between two marks, whatever it looks like. */
  between(start: number, end: number): void {
    const first = this.#firstFrom(start);
    let last = first;
    while ((this.#run(last)?.end ?? Infinity) <= end) last++;
    this.#take(first, last);
  }

  /** The line at a place, or the one that many behind it, and those behind it that look alike, up to a limit. */
  from(place: number, skipped: number, limit = Infinity): void {
    const line = this.#lineAt(place) + skipped;
    if (!this.#taken.has(line)) this.#take(line, this.#lastLike(line, limit));
  }

  /** Every line that may be one of a key that began earlier. */
  goOn(): void {
    this.#event.runs.forEach((_, line) => {
      if (this.#length(line) >= longRun) this.#take(line, line + 1);
    });
  }

  /** The lines before a place that look alike, back to a limit. */
  upTo(place: number, limit: number): void {
    const last = this.#firstFrom(place);
    // The last line of a key is as long as it happens to be.
    let first = last - 1;
    const width = Math.max(this.#length(first), this.#length(first - 1));
    while ((this.#run(first - 1)?.start ?? -1) >= limit && this.#mayBelong(this.#length(first - 1), width))
      first--;
    if ((this.#run(first)?.start ?? -1) >= limit) this.#take(first, last);
  }

  /** A key in base64 whose beginning stands at a place; something else than a key is left alone. */
  encoded(place: number): boolean {
    const first = this.#lineAt(place);
    const run = this.#run(first);
    if (!run) return false;
    if (this.#taken.has(first)) return true;
    const skipped = Math.max(0, place - run.start);
    const head = this.#body(first, first + titleLength).slice(skipped, skipped + titleLength);
    const shift = [0, 1, 2, 3].find((skip) => isTitle(decoded(head.slice(skip))));
    if (shift === undefined) return false;
    const last = this.#lastLike(first, Infinity);
    const text = decoded(this.#body(first, last).slice(skipped + shift));
    this.#inside.push(text.slice(text.indexOf('BEGIN')));
    this.#take(first, last);
    return true;
  }

  #mayBelong(length: number, width: number): boolean {
    return length >= longRun || length === width;
  }

  #take(first: number, last: number): void {
    if (last <= first || this.#taken.has(first)) return;
    for (let line = first; line < last; line++) {
      const run = this.#run(line);
      if (run && !this.#taken.has(line)) this.#lines.push(run);
      this.#taken.add(line);
    }
    const body = this.#body(first, last);
    // Between the lines of a key somebody may print a sum: that is hidden there, and nowhere else.
    if (/^[0-9a-f]*$/i.test(body)) return;
    this.#bodies.push(body);
    this.#texts.push(this.#body(first, last, '\n'));
  }

  // Behind the last line of a key, which is shorter than the others, or before something that is none.
  #lastLike(first: number, limit: number): number {
    const width = this.#length(first);
    if (width === 0) return first;
    let line = first + 1;
    while ((this.#run(line)?.end ?? Infinity) <= limit) {
      const length = this.#length(line);
      if (length < width && this.#alone(line)) return line + 1;
      if (length < longRun && length !== width) return line;
      line++;
    }
    return line;
  }

  // Whether a line may be the last one of a key: it has a character that fills up, or nothing but this run.
  #alone(line: number): boolean {
    const run = this.#run(line);
    if (!run) return false;
    const { joined } = this.#event;
    if (run.end - run.start >= longRun || joined[run.end] === '=') return true;
    return (
      (run.start === 0 || joined[run.start - 1] === '\n') &&
      /^\r?(?:\n|$)/.test(joined.slice(run.end, run.end + 2))
    );
  }

  #body(first: number, last: number, between = ''): string {
    const { runs, joined } = this.#event;
    return runs
      .slice(first, last)
      .map(({ start, end }) => joined.slice(start, end))
      .join(between);
  }

  #run(line: number): Stretch | undefined {
    return this.#event.runs[line];
  }

  #length(line: number): number {
    const run = this.#run(line);
    return run ? run.end - run.start : 0;
  }

  // The line on which a place is; runs are in order.
  #lineAt(place: number): number {
    const line = this.#firstFrom(place);
    const run = this.#run(line - 1);
    const same = run && !this.#event.joined.slice(run.end, place).includes('\n');
    return same ? line - 1 : line;
  }

  // The first run that ends behind a place.
  #firstFrom(place: number): number {
    const { runs } = this.#event;
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((runs[middle]?.end ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

const titles = ['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED '].map((kind) => `${kind}PRIVATE KEY`);

// Of a title that is cut off enough must be left to tell it from that of a public key.
function isTitle(text: string): boolean {
  const title = /BEGIN ([A-Z0-9 ]*)/.exec(text)?.[1] ?? '';
  return title.includes('PRIVATE KEY') || (title.length > 1 && titles.some((one) => one.startsWith(title)));
}
