import { mapStrings } from './map-strings.ts';
import { base64Forms, plainForms, slashedForm } from './secret-forms.ts';
import { shortestWord, WordIndex } from './word-index.ts';

const mask = '***';
// A key ends before the next one begins: else a flood of beginnings would be searched to its end from each of them.
const keyBlock =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?:(?!-----BEGIN)[\s\S])*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[A-Za-z0-9+/=\s\\:,-]*)/g;
const encodedBlock = /LS0tLS1CRUdJTi[A-Za-z0-9+/=\r\n]*/g;
// Parts of an event that readers match on; they never come from a host or a variable.
const structural = new Set(['type', 'status', 'host', 'hosts', 'task', 'resource', 'version', 'started']);

/** Knows every secret of a run as a value and hides it in whatever is shown. Values under 4 characters are not tracked. */
export class Redactor {
  readonly #secrets = new Set<string>();
  readonly #forms = new WordIndex();
  readonly #encoded = new WordIndex();
  /** Secrets by what is left of them without backslashes. */
  readonly #bare = new Map<string, string[]>();
  readonly #bareWords = new WordIndex();
  /** Those of which too little is left to be found quickly. */
  readonly #short = new Set<string>();

  /** Hides a value from now on; its longer lines too, when it has several. */
  add(secret: string): void {
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
    let hidden = hideKeys(text);
    // Each round shortens the text, so this ends; a mask beside other text may spell a secret again.
    for (;;) {
      const before = hidden;
      for (const form of this.#forms.within(hidden)) hidden = hidden.replaceAll(form, mask);
      hidden = this.#hideSlashed(hidden);
      hidden = this.#hideEncoded(hidden);
      if (hidden === before) return hidden;
    }
  }

  /** An event with all its strings rewritten by `text`, but for the words that readers match on. */
  event<T extends object>(event: T): T {
    const entries = Object.entries(event).map(([key, value]): [string, unknown] => {
      if (structural.has(key)) return [key, value];
      const hidden = mapStrings(value, (text) => this.text(text));
      return [key, key === 'result' ? this.#numbers(hidden) : hidden];
    });
    return Object.fromEntries(entries) as T;
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
    for (const form of base64Forms(secret)) this.#encoded.add(form);
    const bare = secret.replaceAll('\\', '');
    const same = this.#bare.get(bare) ?? [];
    this.#bare.set(bare, same);
    same.push(secret);
    if (bare.length < shortestWord) this.#short.add(bare);
    else this.#bareWords.add(bare);
  }
}

function hideKeys(text: string): string {
  if (!text.includes('-----BEGIN') && !text.includes('LS0tLS1CRUdJTi')) return text;
  return text
    .replace(keyBlock, '[private key hidden]')
    .replace(encodedBlock, (block) =>
      Buffer.from(block, 'base64').includes('PRIVATE KEY') ? '[private key hidden]' : block,
    );
}
