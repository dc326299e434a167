import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

const digits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function md5(...parts: readonly Uint8Array[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

function sixBits(value: number, count: number): string {
  return Array.from({ length: count }, (_, n) => digits[(value >> (6 * n)) & 63]).join('');
}

// The way of FreeBSD, which Apache took over with another mark.
function md5Crypt(password: string, salt: string, mark: string): string {
  const word = Buffer.from(password);
  const salted = Buffer.from(salt);
  const mixed = md5(word, salted, word);
  const parts: Uint8Array[] = [word, Buffer.from(mark), salted];
  for (let left = word.length; left > 0; left -= 16) parts.push(mixed.subarray(0, Math.min(16, left)));
  for (let n = word.length; n > 0; n >>= 1) parts.push(n & 1 ? Buffer.alloc(1) : word.subarray(0, 1));
  let sum: Uint8Array = md5(...parts);
  for (let round = 0; round < 1000; round += 1) {
    const odd = (round & 1) === 1;
    const middle = [...(round % 3 ? [salted] : []), ...(round % 7 ? [word] : [])];
    sum = md5(odd ? word : sum, ...middle, odd ? sum : word);
  }
  const at = (index: number) => sum[index] ?? 0;
  const triples = [0, 1, 2, 3, 4].map((n) => (at(n) << 16) | (at(n + 6) << 8) | at(n === 4 ? 5 : n + 12));
  return `${mark}${salt}$${triples.map((value) => sixBits(value, 4)).join('')}${sixBits(at(11), 2)}`;
}

function sha1(password: string): string {
  return `{SHA}${createHash('sha1').update(password).digest('base64')}`;
}

function newSalt(): string {
  return Array.from({ length: 8 }, () => digits[randomInt(digits.length)]).join('');
}

/** Ways to write a password down, by the names that Ansible takes for them. */
const schemes: Readonly<Record<string, (password: string) => string>> = {
  apr_md5_crypt: (password) => md5Crypt(password, newSalt(), '$apr1$'),
  md5_crypt: (password) => md5Crypt(password, newSalt(), '$1$'),
  ldap_sha1: sha1,
  plaintext: (password) => password,
};

/** Their names. */
export const passwordSchemes: readonly string[] = Object.keys(schemes);

/** A password as it is written down, with a salt of its own each time. */
export function hashedPassword(password: string, scheme: string): string {
  const write = schemes[scheme];
  if (!write) throw new Error(`no way to write a password down is called ${scheme}`);
  return write(password);
}

/** Whether a password is the one that was written down; false for a way that is not known here. */
export function isPassword(password: string, written: string): boolean {
  const [, mark, salt = ''] = /^(\$apr1\$|\$1\$)([^$]{0,8})\$/.exec(written) ?? [];
  const again =
    mark !== undefined
      ? md5Crypt(password, salt, mark)
      : written.startsWith('{SHA}')
        ? sha1(password)
        : /^[${]/.test(written)
          ? undefined
          : password;
  if (again === undefined) return false;
  const [one, other] = [Buffer.from(again), Buffer.from(written)];
  return one.length === other.length && timingSafeEqual(one, other);
}
