import type { ParsedKey } from 'ssh2';
import type { ConnectOptions } from '../connection.ts';
import { runShared } from '../run-shared.ts';
import { decryptIdentity } from './identity-file.ts';

const attempts = 3;

async function ask(file: string, content: Buffer, options: ConnectOptions): Promise<ParsedKey | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const passphrase = await options.askPassphrase?.(file);
    if (passphrase === undefined) return undefined;
    const key = decryptIdentity(content, passphrase);
    if (key) return key;
  }
  return undefined;
}

/** Decrypts a key file by asking for its passphrase, once for all hosts of a run; undefined when none was given. */
export function unlockIdentity(
  file: string,
  content: Buffer,
  options: ConnectOptions,
): Promise<ParsedKey | undefined> {
  const shared = runShared(options);
  const known = shared.privateKeys.get(file);
  if (known) return known;
  // One question at a time: two prompts on one terminal cannot be answered.
  const key = shared.question.then(() => ask(file, content, options));
  shared.question = key.catch(() => undefined);
  shared.privateKeys.set(file, key);
  return key;
}
