import { resolve } from 'node:path';
import type { PassphraseSource } from './ca-passphrase.ts';
import { openPrivateCa, type PrivateCa, readPrivateCa } from './private-ca.ts';
import { type CaLock, lockCa } from './private-ca-lock.ts';

/** The private CAs that a run uses: each is opened once, asks for its passphrase once, and is not renewed meanwhile. */
export class OpenedCas {
  readonly #passphrase: PassphraseSource | undefined;
  readonly #opened = new Map<string, Promise<PrivateCa>>();
  readonly #locks: CaLock[] = [];

  constructor(passphrase: PassphraseSource | undefined) {
    this.#passphrase = passphrase;
  }

  /** The CA in a directory, made when there is none; `permitted` are then the names that it may certify. */
  open(directory: string, permitted: readonly string[] | undefined): Promise<PrivateCa> {
    const path = resolve(directory);
    const known = this.#opened.get(path);
    if (known) return known;
    const opening = this.#open(path, permitted);
    this.#opened.set(path, opening);
    // What is fixed while the run goes on is found by the next host.
    opening.catch(() => this.#opened.delete(path));
    return opening;
  }

  /** Lets others renew them. */
  close(): void {
    for (const lock of this.#locks.splice(0)) lock.release();
  }

  async #open(path: string, permitted: readonly string[] | undefined): Promise<PrivateCa> {
    const options = { permitted, passphrase: this.#passphrase };
    if (readPrivateCa(path) === undefined) await openPrivateCa(path, options);
    const lock = await lockCa(path, 'run').catch(unlockable);
    if (lock) this.#locks.push(lock);
    return await openPrivateCa(path, options);
  }
}

// Where nothing can be written nothing can be renewed either: handing out the certificate needs no lock then.
function unlockable(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EROFS'))
    return undefined;
  throw error;
}
