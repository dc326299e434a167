import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/report/redaction.ts';

const secret = 'Correct-Horse-Battery';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const line = pem.split('\n')[7] ?? '';

function hider(...values: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.add(value);
  return redactor;
}

// docs/security.md says of these that they cannot be found. Whoever teaches the redactor one of them corrects the page.
describe('what cannot be promised', () => {
  it.each<[string, string]>([
    ['reversed', [...secret].reverse().join('')],
    ['in upper case', secret.toUpperCase()],
    ['hashed', createHash('sha256').update(secret).digest('hex')],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['compressed', gzipSync(secret).toString('base64')],
    ['a part', secret.slice(0, 8)],
  ])('a secret that is %s is shown', (_how, spelled) => {
    expect(hider(secret).text(`x ${spelled} y`)).toBe(`x ${spelled} y`);
  });

  it('a line of a key of which nothing else was seen is base64 like any other', () => {
    expect(new Redactor().text(`7: ${line}`)).toBe(`7: ${line}`);
  });

  it('28 characters of a known key are hidden wherever they begin, a dozen may be shown', () => {
    const redactor = hider(pem);
    const parts = (length: number) =>
      Array.from({ length: line.length - length }, (_, at) => line.slice(at, at + length));
    const seen = (length: number) =>
      parts(length).filter((part) => redactor.text(`part: ${part}`).includes(part));
    expect(seen(28)).toEqual([]);
    expect(seen(12)).not.toEqual([]);
  });

  it('what was shown before the first task that hides it has been shown', () => {
    const redactor = new Redactor();
    expect(redactor.text(secret)).toBe(secret);
    redactor.add(secret);
    expect(redactor.text(secret)).toBe('***');
  });
});

it('each of these limits stands in docs/security.md', () => {
  const text = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');
  const [, limits = ''] = text.split('### What cannot be promised');
  for (const word of [
    'reversed',
    'upper case',
    'hashed',
    'in hex',
    'gzip',
    'parts',
    '28 characters',
    '*before*',
  ])
    expect(limits).toContain(word);
});
