import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { permittedNames } from '../certificates/name-constraints.ts';
import { draftAuthority, draftName } from './authority-storing.ts';
import { caPassphrase, type PassphraseSource } from './ca-passphrase.ts';
import { renameDurably, writeNew } from './durable-files.ts';
import { type AuthorityWish, checkWish, givenName, makeAuthority } from './new-authority.ts';
import { caFiles, contentIfThere, parseAuthority, readStoredKey } from './private-ca-files.ts';
import { lockCa } from './private-ca-lock.ts';
import { noPrivateCa } from './private-ca-problem.ts';

/** How a CA is replaced; what is not said stays as with the present one. */
export interface RenewalWish extends AuthorityWish {
  /** Keep the old key beside the old certificate, instead of destroying it. */
  readonly keepKey?: boolean;
  /** Encrypts the new key, whatever the present one is. */
  readonly newPassphrase?: (() => Promise<string | undefined>) | undefined;
  /** Asked when the present key is encrypted: the new one then has the same passphrase. */
  readonly passphrase?: PassphraseSource | undefined;
}

/** What a renewal led to. */
export interface Renewal {
  readonly before: X509Certificate;
  readonly after: X509Certificate;
}

/**
 * Replaces a CA by a new one with a new name and key; the old certificate is kept as `previous/SERIAL.pem`.
 * A crash leaves either the old or the new one in force. Throws ProvisionError when another run uses the CA.
 */
export async function renewAuthority(directory: string, wish: RenewalWish, now: Date): Promise<Renewal> {
  checkWish(wish);
  const present = parseAuthority(directory);
  if (!present) throw noPrivateCa(directory);
  // A person may think for long: nobody is locked out meanwhile.
  const passphrase = await newPassphrase(directory, present.certificate, wish);
  const lock = await lockCa(directory, 'renewal');
  try {
    await removeDrafts(directory);
    await finish(directory);
    const before = parseAuthority(directory)?.certificate ?? present.certificate;
    const made = await makeAuthority(now, inherited(before, wish));
    await keep(directory, before, wish.keepKey === true);
    const draft = draftName(join(directory, caFiles.next));
    try {
      await draftAuthority(draft, made, passphrase);
      await renameDurably(draft, join(directory, caFiles.next));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    await finish(directory);
    return { before, after: new X509Certificate(made.certificate) };
  } finally {
    lock.release();
  }
}

async function newPassphrase(
  directory: string,
  certificate: X509Certificate,
  wish: RenewalWish,
): Promise<string | undefined> {
  if (wish.newPassphrase) return await wish.newPassphrase();
  const { sealedKey, next } = caFiles;
  // A plain key that is missing or damaged is what a renewal fixes: it is not looked at.
  if (![join(next, sealedKey), sealedKey].some((name) => existsSync(join(directory, name)))) return undefined;
  const stored = readStoredKey(directory);
  if (stored.kind === 'plain') return undefined;
  return (await caPassphrase(directory, certificate, stored.content, wish.passphrase)).passphrase;
}

function inherited(before: X509Certificate, { name, days, permitted }: RenewalWish): AuthorityWish {
  const life = before.validToDate.getTime() - before.validFromDate.getTime();
  return {
    name: name ?? givenName(before),
    days: days ?? Math.max(1, Math.floor(life / 86_400_000)),
    permitted: permitted ?? permittedNames(before),
  };
}

async function keep(directory: string, before: X509Certificate, withKey: boolean): Promise<void> {
  const folder = join(directory, caFiles.previous);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = join(folder, `${before.serialNumber}.pem`);
  const draft = draftName(kept);
  await writeNew(draft, before.toString(), 0o644);
  await renameDurably(draft, kept);
  for (const key of [caFiles.key, caFiles.sealedKey]) {
    const copy = join(folder, `${before.serialNumber}-${key.replace('ca-', '')}`);
    // Also of a renewal that was cut off, and that wanted to keep it.
    await rm(copy, { force: true });
    const content = withKey ? contentIfThere(join(directory, key)) : undefined;
    if (content !== undefined) await writeNew(copy, content, 0o600);
  }
}

/** Puts what is in `next` in its place: also the rest of a renewal that was interrupted after it was in force. */
async function finish(directory: string): Promise<void> {
  const next = join(directory, caFiles.next);
  const keys = [caFiles.key, caFiles.sealedKey];
  const made = keys.find((key) => existsSync(join(next, key)));
  if (made) {
    for (const key of keys) if (key !== made) await rm(join(directory, key), { force: true });
    await rename(join(next, made), join(directory, made));
  }
  if (!existsSync(join(next, caFiles.certificate))) return;
  await renameDurably(join(next, caFiles.certificate), join(directory, caFiles.certificate));
  await rmdir(next);
}

// Of a renewal that was cut off before it was in force: it holds a key that nobody may find.
async function removeDrafts(directory: string): Promise<void> {
  const drafts = (await readdir(directory)).filter((name) => name.startsWith(`${caFiles.next}.new-`));
  for (const name of drafts) await rm(join(directory, name), { recursive: true, force: true });
}
