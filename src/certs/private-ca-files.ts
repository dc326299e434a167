import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProvisionError } from '../errors/problem.ts';
import type { NewAuthority } from './issuing.ts';
import { keyMatches } from './key-match.ts';

/** A CA as it lies in its directory. */
export interface StoredAuthority {
  readonly certificate: X509Certificate;
  /** The certificate as text. */
  readonly pem: string;
  readonly key: KeyObject;
}

const certificateFile = 'ca.pem';
const keyFile = 'ca-key.pem';
const recordFile = 'issued.jsonl';

function problem(directory: string, message: string, hint: string): ProvisionError {
  return new ProvisionError([
    { code: 'private-ca', message: `private CA in ${directory}: ${message}`, hint },
  ]);
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The CA's certificate (PEM), read without waiting: resources compare with it while they plan. Undefined when there is no CA yet. */
export function readAuthorityCertificate(directory: string): string | undefined {
  return readIfThere(join(directory, certificateFile));
}

const again =
  'restore the directory from a backup, or remove it: a new CA is then made and all its clients get new certificates';

/** Reads certificate and key; undefined when there is no CA yet. Throws ProvisionError when it cannot be trusted. */
export function readAuthority(directory: string): StoredAuthority | undefined {
  const pem = readAuthorityCertificate(directory);
  if (pem === undefined) return undefined;
  const keyPath = join(directory, keyFile);
  const keyText = readIfThere(keyPath);
  if (keyText === undefined) throw problem(directory, `its key ${keyFile} is missing`, again);
  if ((statSync(keyPath).mode & 0o077) !== 0)
    throw problem(directory, 'its key can be read by others', `chmod 600 ${keyPath}`);
  const { certificate, key } = parse(directory, pem, keyText);
  if (!keyMatches(certificate, keyText))
    throw problem(directory, 'key and certificate do not belong together', again);
  if (certificate.validToDate <= new Date())
    throw problem(directory, `it expired on ${certificate.validTo}`, again);
  return { certificate, pem, key };
}

function parse(
  directory: string,
  pem: string,
  keyText: string,
): { certificate: X509Certificate; key: KeyObject } {
  try {
    return { certificate: new X509Certificate(pem), key: createPrivateKey(keyText) };
  } catch (error) {
    throw problem(directory, `damaged (${error instanceof Error ? error.message : error})`, again);
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Stores a new CA unless there is one by now: key and certificate appear together, by renaming a whole directory.
 * Two runs at once end with one CA; the loser's is thrown away.
 */
export async function storeAuthority(directory: string, made: NewAuthority): Promise<void> {
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  const draft = `${directory}.new-${randomBytes(6).toString('hex')}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await chmod(draft, 0o700);
    await writeNew(join(draft, keyFile), made.key, 0o600);
    await writeNew(join(draft, certificateFile), made.certificate, 0o644);
    // A key must not slip into the playbook's version control.
    await writeNew(join(draft, '.gitignore'), '*\n', 0o644);
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Writes down one issued certificate, one JSON line each; appending is safe for several runs at once. */
export async function recordIssued(
  directory: string,
  names: readonly string[],
  chain: string,
): Promise<void> {
  const issued = new X509Certificate(chain);
  const line = {
    serial: issued.serialNumber,
    names,
    notBefore: issued.validFromDate.toISOString(),
    notAfter: issued.validToDate.toISOString(),
    sha256: issued.fingerprint256,
  };
  const file = await open(join(directory, recordFile), 'a', 0o600);
  try {
    await file.appendFile(`${JSON.stringify(line)}\n`);
  } finally {
    await file.close();
  }
}
