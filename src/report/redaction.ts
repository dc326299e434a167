import { EventText } from './event-text.ts';
import { FragmentIndex } from './fragment-index.ts';
import { mapStrings } from './map-strings.ts';
import { type FoundKeys, keysIn } from './private-keys.ts';
import { base64Forms, plainForms, slashedForm, standardForms } from './secret-forms.ts';
import { shortestWord, WordIndex } from './word-index.ts';

const mask = '***';
const hiddenKey = '[private key hidden]';
// Stands for a line of a key until it is known whether the whole key is hidden: no text has this character.
const hiddenLine = '\ufdd0';
const hiddenLines = /\ufdd0=*(?:\s*\ufdd0=*)*/g;
// A key ends before the next one begins: else a flood of beginnings would be searched to its end from each of them.
const keyBlock =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?:(?!-----BEGIN)[\s\S])*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[A-Za-z0-9+/=\s\\:,\ufdd0-]*)/g;
const encodedBlock = /LS0tLS1CRUdJTi[A-Za-z0-9+/=\r\n]*/g;
// Parts of tokens are hidden too; of longer texts only the whole.
const longestToken = 512;
const longestItem = 80;
// How much longer than 12 characters a part must be: whole lines of keys, as OpenSSL and base64 write them.
const tokenStep = 8;
const keyStep = 16;
const encodedKeyStep = 32;
// Parts of an event that readers match on; they never come from a host or a variable.
const structural = new Set(['type', 'status', 'host', 'hosts', 'task', 'resource', 'version', 'started']);

/** Knows every secret of a run as a value and hides it in whatever is shown. Values under 4 characters are not tracked. */
export class Redactor {
  readonly #added = new Set<string>();
  readonly #secrets = new Set<string>();
  readonly #forms = new WordIndex();
  readonly #encoded = new WordIndex();
  /** Secrets by what is left of them without backslashes. */
  readonly #bare = new Map<string, string[]>();
  readonly #bareWords = new WordIndex();
  /** Those of which too little is left to be found quickly. */
  readonly #short = new Set<string>();
  /** What may be broken up: secrets, and every private key that was seen. */
  readonly #fragments = new FragmentIndex();
  /** What was looked at last, and what came of it: several sinks show the same event. */
  #last: { readonly event: object; readonly shown: object } | undefined;
  /** Hosts that are showing a private key line by line, and the task that does. */
  readonly #showing = new Map<string, string>();

  /** Hides a value from now on; its longer lines too, when it has several. */
  add(secret: string): void {
    if (this.#added.has(secret)) return;
    this.#added.add(secret);
    this.#last = undefined;
    this.#learn(keysIn(new EventText([secret]), false));
    const lines = secret.split(/\r?\n/).map((line) => line.trim());
    const parts = lines.length > 1 ? lines.filter((line) => line.length >= 12) : [];
    const added = [secret, secret.trim(), ...parts].filter(
      // Shorter values would blacken half of every report.
      (part) => part.trim().length >= shortestWord && !/^\**$/.test(part),
    );
    for (const part of added) if (!this.#secrets.has(part)) this.#add(part);
  }

  /** The text with every known secret and every private key hidden. */
  text(text: string): string {
    return this.#texts([text], undefined)[0] ?? '';
  }

  /** An event with all its strings rewritten, but for the words that readers match on; they are looked at together. */
  event<T extends object>(event: T): T {
    if (this.#last?.event !== event) this.#last = { event, shown: this.#event(event) };
    return this.#last.shown as T;
  }

  #event(event: object): object {
    const entries = Object.entries(event);
    const shown = entries.filter(([key]) => !structural.has(key)).map(([, value]): unknown => value);
    const texts: string[] = [];
    mapStrings(shown, (text) => {
      texts.push(text);
      return text;
    });
    const hidden = this.#texts(texts, event)[Symbol.iterator]();
    return Object.fromEntries(
      entries.map(([key, value]): [string, unknown] => {
        if (structural.has(key)) return [key, value];
        const rewritten = mapStrings(value, (text) => hidden.next().value ?? text);
        if (key === 'item') return [key, shortened(rewritten)];
        return [key, key === 'result' ? this.#numbers(rewritten) : rewritten];
      }),
    );
  }

  #texts(texts: readonly string[], event: object | undefined): readonly string[] {
    const whole = new EventText(texts);
    const keys = keysIn(whole, this.#isShowing(event));
    this.#learn(keys);
    this.#show(event, keys.open);
    const hidden = whole.without(keys.lines, hiddenLine).map((text) => this.#hide(hideKeys(text)));
    const same = hidden.every((text, index) => text === texts[index]);
    const together = same ? whole : new EventText(hidden);
    return together.without(this.#fragments.within(together), mask);
  }

  #hide(text: string): string {
    let hidden = text;
    // Each round shortens the text, so this ends; a mask beside other text may spell a secret again.
    for (;;) {
      const before = hidden;
      for (const form of this.#forms.within(hidden)) hidden = hidden.replaceAll(form, mask);
      hidden = this.#hideSlashed(hidden);
      hidden = this.#hideEncoded(hidden);
      if (hidden === before) return hidden;
    }
  }

  #learn({ bodies, texts, inside }: FoundKeys): void {
    for (const body of bodies) this.#fragments.addBody(body, keyStep);
    for (const form of texts.flatMap(standardForms)) this.#fragments.addBody(form, encodedKeyStep);
    for (const text of inside) this.#learn(keysIn(new EventText([text]), false));
  }

  #isShowing(event: object | undefined): boolean {
    const at = placeOf(event);
    return at !== undefined && this.#showing.get(at.host) === at.task;
  }

  #show(event: object | undefined, open: boolean): void {
    const at = placeOf(event);
    if (!at) return;
    if (open) this.#showing.set(at.host, at.task);
    else this.#showing.delete(at.host);
  }

  #hideSlashed(text: string): string {
    if (!text.includes('\\')) return text;
    const bare = text.replaceAll('\\', '');
    const short = [...this.#short].filter((word) => bare.includes(word));
    const found = [...this.#bareWords.within(bare), ...short].flatMap((word) => this.#bare.get(word) ?? []);
    if (found.length === 0) return text;
    return text.replace(new RegExp(found.map(slashedForm).join('|'), 'gu'), mask);
  }

  // The characters beside a match hold bits of it; and base64 is often wrapped: a line break may stand between any two of its characters.
  #hideEncoded(text: string): string {
    const joined = text.replace(/\r?\n/g, '');
    const found = this.#encoded.within(joined);
    if (found.length === 0) return text;
    const spelled = found.map((form) => [...form].map((c) => c.replace('+', '\\+')).join('(?:\\r?\\n)?'));
    return text.replace(new RegExp(`[\\w+/-]?(?:${spelled.join('|')})[\\w+/-]?=*`, 'g'), mask);
  }

  // A secret made of digits may be a number in a registered result.
  #numbers(value: unknown): unknown {
    if (typeof value === 'number') return this.#secrets.has(String(value)) ? mask : value;
    if (Array.isArray(value)) return value.map((item) => this.#numbers(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.#numbers(part)]));
  }

  // One at a time: hosts that each have secrets of their own bring thousands of them.
  #add(secret: string): void {
    this.#secrets.add(secret);
    for (const form of plainForms(secret)) this.#forms.add(form);
    this.#fragments.addWhole(secret);
    const token = secret.length <= longestToken && !/\s/.test(secret);
    for (const form of base64Forms(secret)) {
      this.#encoded.add(form);
      this.#fragments.addWhole(form);
      if (token) this.#fragments.addBody(form, tokenStep);
    }
    const bare = secret.replaceAll('\\', '');
    const same = this.#bare.get(bare) ?? [];
    this.#bare.set(bare, same);
    same.push(secret);
    if (bare.length < shortestWord) this.#short.add(bare);
    else this.#bareWords.add(bare);
  }
}

function hideKeys(text: string): string {
  if (!text.includes('-----BEGIN') && !text.includes('LS0tLS1CRUdJTi') && !text.includes(hiddenLine))
    return text;
  return text
    .replace(keyBlock, hiddenKey)
    .replace(encodedBlock, (block) =>
      Buffer.from(block, 'base64').includes('PRIVATE KEY') ? hiddenKey : block,
    )
    .replace(hiddenLines, hiddenKey);
}

// Cut off only when it is known what to hide: half a secret would not be found.
function shortened(item: unknown): unknown {
  return typeof item === 'string' && item.length > longestItem ? `${item.slice(0, longestItem - 1)}…` : item;
}

function placeOf(event: object | undefined): { readonly host: string; readonly task: string } | undefined {
  if (!event || !('host' in event) || !('task' in event)) return undefined;
  const { host, task } = event;
  return typeof host === 'string' && typeof task === 'string' ? { host, task } : undefined;
}
