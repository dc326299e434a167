import { randomInt } from 'node:crypto';
import { TemplateError } from '../values/template-error.ts';
import { textOf } from '../values/value.ts';
import { type FilterTable, filter, numberArgument, textArgument } from './filters-definition.ts';
import { type ShaScheme, shaCrypt } from './sha-crypt.ts';

const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const schemes: Readonly<Record<string, ShaScheme>> = {
  sha256: 'sha256',
  sha256_crypt: 'sha256',
  sha512: 'sha512',
  sha512_crypt: 'sha512',
};

/** Characters that nobody can guess. */
export function randomText(length: number, from: string): string {
  const characters = [...from];
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}

/** Salts that were drawn: the same password has the same one for the whole of a run, or it would never be as wanted. */
const drawn = new Map<string, string>();

function saltFor(scheme: string, password: string, size: number): string {
  const key = `${scheme} ${size} ${password}`;
  const salt = drawn.get(key) ?? randomText(size, letters);
  drawn.set(key, salt);
  return salt;
}

/** A password as crypt(3) hashes it. Throws TemplateError for another scheme than the two that hash with SHA-2. */
export function passwordHash(
  password: string,
  name: string,
  { salt, size, rounds }: { readonly salt?: unknown; readonly size?: unknown; readonly rounds?: unknown },
): string {
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
  if (scheme === undefined)
    throw new TemplateError(`passwords are not hashed with '${name}'`, undefined, {
      code: 'not-supported',
      hint: 'use sha512 or sha256',
    });
  const length = numberArgument(size, 16);
  const used = salt === undefined || salt === null ? saltFor(scheme, password, length) : textOf(salt);
  if (!/^[./0-9A-Za-z]{1,16}$/.test(used))
    throw new TemplateError('a salt has 1 to 16 letters, digits, dots and slashes');
  const count = rounds === undefined || rounds === null ? undefined : numberArgument(rounds, 5000);
  return shaCrypt(scheme, password, used, count);
}

/** Filters for passwords. */
export const passwordFilters: FilterTable = {
  password_hash: filter(
    ['hashtype?', 'salt?', 'salt_size?', 'rounds?', 'ident?'],
    (value, [scheme, salt, size, rounds]) =>
      passwordHash(textOf(value), textArgument(scheme, 'sha512'), { salt, size, rounds }),
  ),
};
