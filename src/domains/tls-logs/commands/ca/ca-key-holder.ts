import type { Wanted } from '../../private-ca/issuing.ts';
import { OpenedCas } from '../../private-ca/opened-cas.ts';
import { readPrivateCa } from '../../private-ca/private-ca.ts';
import { noPrivateCa } from '../../private-ca/private-ca-problem.ts';
import type { CaKeyOptions } from './ca-options.ts';
import { passphraseSource } from './ca-passphrase-source.ts';

/** Where the passphrase of the CA comes from in a command of `provision ca`. */
export function passphraseOf({ passphraseFile: file }: CaKeyOptions) {
  return passphraseSource({ option: '--passphrase-file', file });
}

/** Signs a request (PEM) with a CA that is there, and gives the chain (PEM). Throws ProvisionError when it cannot. */
export async function signWith(
  directory: string,
  options: CaKeyOptions,
  request: () => Promise<string>,
  wanted: Wanted,
): Promise<string> {
  if (readPrivateCa(directory) === undefined) throw noPrivateCa(directory);
  const cas = new OpenedCas(passphraseOf(options));
  try {
    const ca = await cas.open(directory, undefined);
    return await ca.issue(await request(), wanted);
  } finally {
    cas.close();
  }
}
