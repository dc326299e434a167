import type { KeyObject, X509Certificate } from 'node:crypto';
import { thrownText } from '../../../errors/thrown-text.ts';
import { decryptKey } from './key-encryption.ts';
import { checkPair, parseKey } from './private-ca-files.ts';
import { caProblem } from './private-ca-problem.ts';

/** A passphrase and where it came from, for messages. */
interface GivenPassphrase {
  readonly text: string;
  /** `/run/ca-passphrase`, `the terminal`. */
  readonly origin: string;
  /** Asking again may give another one. */
  readonly again: boolean;
}

/** Gives the passphrase of the CA in a directory, or throws ProvisionError that says how it can be given. */
export type PassphraseSource = (directory: string) => Promise<GivenPassphrase>;

const attempts = 3;

/**
 * Asks for the passphrase of an encrypted key until it opens it, three times at most where asking again makes sense.
 * Throws ProvisionError when nobody gives it, it is wrong, or what it opens is not the certificate's key.
 */
export async function caPassphrase(
  directory: string,
  certificate: X509Certificate,
  sealed: Uint8Array,
  source: PassphraseSource | undefined,
): Promise<{ readonly passphrase: string; readonly key: KeyObject }> {
  if (!source)
    throw caProblem(
      directory,
      'its key is encrypted, and nobody can be asked for the passphrase',
      'run it from a terminal',
    );
  for (let attempt = 1; ; attempt++) {
    const { text, origin, again } = await source(directory);
    const pem = await opened(directory, sealed, text);
    if (pem !== undefined) {
      const key = parseKey(directory, pem);
      checkPair(directory, certificate, key);
      return { passphrase: text, key };
    }
    if (again && attempt < attempts) continue;
    throw caProblem(
      directory,
      `the passphrase from ${origin} does not open its key`,
      'when it is lost, make a new CA: `provision ca renew --new-passphrase`',
    );
  }
}

async function opened(
  directory: string,
  sealed: Uint8Array,
  passphrase: string,
): Promise<string | undefined> {
  try {
    return await decryptKey(sealed, passphrase);
  } catch (error) {
    const why = thrownText(error);
    throw caProblem(
      directory,
      `its encrypted key is damaged (${why})`,
      'restore the directory from a backup',
    );
  }
}
