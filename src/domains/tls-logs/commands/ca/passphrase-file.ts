import { readFileSync, statSync } from 'node:fs';
import { ProvisionError } from '../../../../errors/problem.ts';

/** Reads a passphrase from a file; its last line end does not belong to it. Throws ProvisionError when others may read it. */
export function readPassphraseFile(path: string): string {
  const refuse = (message: string, hint: string) =>
    new ProvisionError([{ code: 'passphrase-file', message: `passphrase file ${path}: ${message}`, hint }]);
  let text: string;
  try {
    const stat = statSync(path);
    if (stat.isFile() && (stat.mode & 0o077) !== 0) throw refuse('others may read it', `chmod 600 ${path}`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ProvisionError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'ENOENT' ? 'there is no such file' : error instanceof Error ? error.message : error;
    throw refuse(String(why), `the path is relative to ${process.cwd()}`);
  }
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase === '') throw refuse('it is empty', 'write the passphrase into it, on one line');
  return passphrase;
}
