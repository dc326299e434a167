import { createHash } from 'node:crypto';

/** The two schemes of crypt(3) that hash with SHA-2. */
export type ShaScheme = 'sha256' | 'sha512';

const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

// Which bytes of the digest stand together in each group of four letters, as the schemes define it.
const orders: Readonly<Record<ShaScheme, readonly (readonly number[])[]>> = {
  sha256: [
    ...Array.from({ length: 10 }, (_, index) => {
      const from = (index * 21) % 30;
      return [from, (from + 10) % 30, (from + 20) % 30];
    }),
    [-1, 31, 30],
  ],
  sha512: [
    ...Array.from({ length: 21 }, (_, index) => {
      const from = (index * 22) % 63;
      return [from, (from + 21) % 63, (from + 42) % 63];
    }),
    [-1, -1, 63],
  ],
};

function encoded(digest: Buffer, order: readonly (readonly number[])[]): string {
  return order
    .map((group) => {
      const bytes = group.map((place) => (place < 0 ? 0 : (digest[place] ?? 0)));
      const missing = group.filter((place) => place < 0).length;
      let value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
      let text = '';
      for (let count = 4 - missing; count > 0; count--) {
        text += letters[value & 63];
        value >>>= 6;
      }
      return text;
    })
    .join('');
}

function repeated(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block);
}

/**
 * What crypt(3) makes of a password, `$5$` or `$6$`.
 * @param rounds as often as it is hashed; 5000 when left out
 */
export function shaCrypt(scheme: ShaScheme, password: string, salt: string, rounds?: number): string {
  const hash = (...parts: readonly Buffer[]) =>
    parts.reduce((made, part) => made.update(part), createHash(scheme)).digest();
  const key = Buffer.from(password);
  const seasoning = Buffer.from(salt);
  const inner = hash(key, seasoning, key);
  const choices: Buffer[] = [];
  for (let bits = key.length; bits > 0; bits >>>= 1) choices.push(bits & 1 ? inner : key);
  const filled = key.length === 0 ? Buffer.alloc(0) : repeated(inner, key.length);
  let digest = hash(key, seasoning, filled, ...choices);
  const first = digest[0] ?? 0;
  const p =
    key.length === 0
      ? Buffer.alloc(0)
      : repeated(hash(...Array.from({ length: key.length }, () => key)), key.length);
  const saltBlock = hash(...Array.from({ length: 16 + first }, () => seasoning));
  const s = seasoning.length === 0 ? Buffer.alloc(0) : repeated(saltBlock, seasoning.length);
  const count = Math.min(999_999_999, Math.max(1000, rounds ?? 5000));
  for (let round = 0; round < count; round++) {
    const isOdd = round % 2 === 1;
    digest = hash(
      isOdd ? p : digest,
      ...(round % 3 === 0 ? [] : [s]),
      ...(round % 7 === 0 ? [] : [p]),
      isOdd ? digest : p,
    );
  }
  const said = rounds === undefined ? '' : `rounds=${count}$`;
  return `$${scheme === 'sha256' ? 5 : 6}$${said}${salt}$${encoded(digest, orders[scheme])}`;
}
