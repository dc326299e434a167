import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keyMatches } from '../certificates/key-match.ts';
import { caProblem } from './private-ca-problem.ts';

/*
 * A CA is ca.pem with its key, ca-key.pem or, encrypted with a passphrase, ca-key.pem.age. A renewal makes both anew in
 * the directory `next` and is in force from the moment that this has its name: whoever reads looks there first.
 */

/** Names of the files in a CA's directory. */
export const caFiles = {
  certificate: 'ca.pem',
  key: 'ca-key.pem',
  sealedKey: 'ca-key.pem.age',
  next: 'next',
  previous: 'previous',
} as const;

/** The key as it lies there. */
export type StoredKey =
  | { readonly kind: 'plain'; readonly key: KeyObject }
  /** Encrypted with a passphrase, as the age tool does it. */
  | { readonly kind: 'sealed'; readonly content: Uint8Array };

/** A CA as it lies in its directory. */
export interface StoredAuthority {
  readonly certificate: X509Certificate;
  /** The certificate as text. */
  readonly pem: string;
  readonly key: StoredKey;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** A file's content; undefined when it is not there. */
export function contentIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The CA's certificate (PEM), read without waiting: resources compare with it while they plan. Undefined when there is no CA yet. */
export function readAuthorityCertificate(directory: string): string | undefined {
  const { next, certificate } = caFiles;
  const found =
    contentIfThere(join(directory, next, certificate)) ?? contentIfThere(join(directory, certificate));
  return found?.toString('utf8');
}

const again =
  'restore the directory from a backup, or make a new CA (`provision ca renew`): all its clients then get new certificates';

/** The CA's certificate; undefined when there is no CA yet. Throws ProvisionError when it is damaged or no CA's. */
export function parseAuthority(
  directory: string,
): { readonly pem: string; readonly certificate: X509Certificate } | undefined {
  const pem = readAuthorityCertificate(directory);
  if (pem === undefined) return undefined;
  const remove =
    'restore the directory from a backup, or move it away: the next `provision apply` then makes a new CA';
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    throw caProblem(
      directory,
      `its certificate is damaged (${error instanceof Error ? error.message : error})`,
      remove,
    );
  }
  if (!certificate.ca) throw caProblem(directory, 'its certificate is no CA certificate', remove);
  return { pem, certificate };
}

/** The key as it lies there, unread when it is encrypted. Throws ProvisionError when it is missing, open to others or damaged. */
export function readStoredKey(directory: string): StoredKey {
  const { next, key, sealedKey } = caFiles;
  const names = [join(next, key), join(next, sealedKey), key, sealedKey];
  const found = names.flatMap((name) => {
    const content = contentIfThere(join(directory, name));
    return content === undefined ? [] : [{ path: join(directory, name), content }];
  });
  const [first] = found;
  if (!first) throw caProblem(directory, `its key ${key} is missing`, again);
  const kept = found.filter(({ path }) => !path.startsWith(join(directory, next)));
  if (kept.length > 1)
    throw caProblem(
      directory,
      `it has two keys, ${key} and ${sealedKey}`,
      `remove ${key} when the encrypted one is good (\`age -d ${kept.at(-1)?.path}\` opens it)`,
    );
  if ((statSync(first.path).mode & 0o077) !== 0)
    throw caProblem(directory, 'its key can be read by others', `chmod 600 ${first.path}`);
  if (first.path.endsWith(sealedKey)) return { kind: 'sealed', content: first.content };
  return { kind: 'plain', key: parseKey(directory, first.content.toString('utf8')) };
}

/** A private key (PEM). Throws ProvisionError when it is damaged. */
export function parseKey(directory: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw caProblem(
      directory,
      `its key is damaged (${error instanceof Error ? error.message : error})`,
      again,
    );
  }
}

/** Throws ProvisionError when key and certificate do not belong together. */
export function checkPair(directory: string, certificate: X509Certificate, key: KeyObject): void {
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  if (!keyMatches(certificate, pem))
    throw caProblem(directory, 'key and certificate do not belong together', again);
}

/** Reads certificate and key; undefined when there is no CA yet. Throws ProvisionError when it cannot be used. */
export function readAuthority(directory: string): StoredAuthority | undefined {
  const found = parseAuthority(directory);
  if (found === undefined) return undefined;
  const key = readStoredKey(directory);
  if (key.kind === 'plain') checkPair(directory, found.certificate, key.key);
  if (found.certificate.validToDate <= new Date())
    throw caProblem(
      directory,
      `it expired on ${found.certificate.validToDate.toISOString().slice(0, 10)}`,
      'make a new one (`provision ca renew`), then run `provision apply`: all its clients get new certificates',
    );
  return { ...found, key };
}
