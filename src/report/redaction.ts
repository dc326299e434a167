import { mapStrings } from './map-strings.ts';
import { base64Forms, plainForms, slashedForm } from './secret-forms.ts';

const mask = '***';
// Shorter values would blacken half of every report.
const shortest = 4;
// A key ends before the next one begins: else a flood of beginnings would be searched to its end from each of them.
const keyBlock =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?:(?!-----BEGIN)[\s\S])*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[A-Za-z0-9+/=\s\\:,-]*)/g;
const encodedBlock = /LS0tLS1CRUdJTi[A-Za-z0-9+/=\r\n]*/g;
// Parts of an event that readers match on; they never come from a host or a variable.
const structural = new Set(['type', 'status', 'host', 'hosts', 'task', 'resource', 'version', 'started']);

/** Knows every secret of a run as a value and hides it in whatever is shown. Values under 4 characters are not tracked. */
export class Redactor {
  readonly #secrets = new Set<string>();
  #forms: readonly string[] = [];
  #encoded: readonly string[] = [];

  /** Hides a value from now on; its longer lines too, when it has several. */
  add(secret: string): void {
    const lines = secret.split(/\r?\n/).map((line) => line.trim());
    const parts = lines.length > 1 ? lines.filter((line) => line.length >= 12) : [];
    const added = [secret, secret.trim(), ...parts].filter(
      (part) => part.trim().length >= shortest && !/^\**$/.test(part) && !this.#secrets.has(part),
    );
    if (added.length === 0) return;
    for (const part of added) this.#secrets.add(part);
    this.#prepare();
  }

  /** The text with every known secret and every private key hidden. */
  text(text: string): string {
    let hidden = hideKeys(text);
    // Each round shortens the text, so this ends; a mask beside other text may spell a secret again.
    for (;;) {
      const before = hidden;
      for (const form of this.#forms) {
        if (hidden.includes(form)) hidden = hidden.replaceAll(form, mask);
      }
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
    const found = [...this.#secrets].filter((secret) => bare.includes(secret.replaceAll('\\', '')));
    if (found.length === 0) return text;
    return text.replace(new RegExp(found.map(slashedForm).join('|'), 'gu'), mask);
  }

  // The characters beside a match hold bits of it; and base64 is often wrapped: a line break may stand between any two of its characters.
  #hideEncoded(text: string): string {
    const joined = text.replace(/\r?\n/g, '');
    const found = this.#encoded.filter((form) => joined.includes(form));
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

  #prepare(): void {
    const secrets = [...this.#secrets];
    const longestFirst = (a: string, b: string): number => b.length - a.length;
    this.#forms = [...new Set(secrets.flatMap(plainForms))].sort(longestFirst);
    this.#encoded = [...new Set(secrets.flatMap(base64Forms))].sort(longestFirst);
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
