import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renameDurably, writeNew } from './durable-files.ts';
import { encryptKey } from './key-encryption.ts';
import type { NewAuthority } from './new-authority.ts';
import { caFiles } from './private-ca-files.ts';

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Makes a directory for its owner alone and writes a CA's key, encrypted when there is a passphrase, and certificate. */
export async function draftAuthority(
  draft: string,
  made: NewAuthority,
  passphrase: string | undefined,
): Promise<void> {
  const sealed = passphrase === undefined ? undefined : await encryptKey(made.key, passphrase);
  await mkdir(draft, { mode: 0o700 });
  await chmod(draft, 0o700);
  await writeNew(join(draft, sealed ? caFiles.sealedKey : caFiles.key), sealed ?? made.key, 0o600);
  await writeNew(join(draft, caFiles.certificate), made.certificate, 0o644);
}

/** A name beside `path` that nobody else uses. */
export function draftName(path: string): string {
  return `${path}.new-${randomBytes(6).toString('hex')}`;
}

/**
 * Stores a new CA unless there is one by now; returns whether it did. Key and certificate appear together, by renaming a
 * whole directory: two runs at once end with one CA, the loser's is thrown away.
 */
export async function storeAuthority(
  directory: string,
  made: NewAuthority,
  passphrase?: string,
): Promise<boolean> {
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  const draft = draftName(directory);
  try {
    await draftAuthority(draft, made, passphrase);
    // A key must not slip into the playbook's version control.
    await writeNew(join(draft, '.gitignore'), '*\n', 0o644);
    await renameDurably(draft, directory);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (isCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}
