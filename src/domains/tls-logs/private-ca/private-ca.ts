import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { namesOutside, permittedNames } from '../certificates/name-constraints.ts';
import { storeAuthority } from './authority-storing.ts';
import { caPassphrase, type PassphraseSource } from './ca-passphrase.ts';
import { recordIssued } from './issued-record.ts';
import { signRequest, type Wanted } from './issuing.ts';
import { makeAuthority } from './new-authority.ts';
import { readAuthority, readAuthorityCertificate, type StoredAuthority } from './private-ca-files.ts';
import { caProblem } from './private-ca-problem.ts';

/** How a CA is opened. */
export interface OpenOptions {
  /** DNS suffixes that it may certify, when it is made. */
  readonly permitted?: readonly string[] | undefined;
  /** Asked when the key is encrypted and something is to be signed. */
  readonly passphrase?: PassphraseSource | undefined;
}

/** The private CA of a playbook, on the control node. */
export class PrivateCa {
  readonly #directory: string;
  readonly #authority: StoredAuthority;
  readonly #passphrase: PassphraseSource | undefined;
  #key: Promise<KeyObject> | undefined;

  constructor(directory: string, authority: StoredAuthority, passphrase?: PassphraseSource) {
    this.#directory = directory;
    this.#authority = authority;
    this.#passphrase = passphrase;
  }

  /** Its own certificate, PEM. */
  get certificate(): string {
    return this.#authority.pem;
  }

  /** Signs a PEM request and writes that down; gives the chain to install. Throws ProvisionError for a bad request. */
  async issue(request: string, wanted: Wanted): Promise<string> {
    const { certificate } = this.#authority;
    checkPermitted(this.#directory, wanted.names, permittedNames(certificate));
    // Asked once, whatever comes of it: a person who gives no passphrase is not asked again for the next host.
    this.#key ??= this.#unlocked();
    const chain = await signRequest(request, wanted, { certificate, key: await this.#key }, new Date());
    await recordIssued(this.#directory, wanted, chain, certificate.serialNumber);
    return chain;
  }

  async #unlocked(): Promise<KeyObject> {
    const { key } = this.#authority;
    if (key.kind === 'plain') return key.key;
    return (await caPassphrase(this.#directory, this.#authority.certificate, key.content, this.#passphrase))
      .key;
  }
}

function checkPermitted(directory: string, names: readonly string[], permitted: readonly string[]): void {
  const outside = namesOutside(names, permitted);
  if (outside.length === 0) return;
  throw caProblem(
    directory,
    `it may not certify ${outside.join(', ')}: it is constrained to ${permitted.join(', ')}`,
    'use a name below one of these, or make a CA that permits it: `provision ca renew --permit SUFFIX`',
  );
}

async function openOrMake(directory: string, { permitted, passphrase }: OpenOptions): Promise<PrivateCa> {
  const there = readAuthority(directory);
  if (there) return new PrivateCa(directory, there, passphrase);
  await storeAuthority(directory, await makeAuthority(new Date(), { permitted }));
  const made = readAuthority(directory);
  if (made) return new PrivateCa(directory, made, passphrase);
  throw caProblem(
    directory,
    'the directory is not empty but holds no private CA',
    'move its files away, or name another directory for the CA',
  );
}

// Hosts that need the CA at the same moment share one opening: they would make ten and throw nine away.
const opening = new Map<string, Promise<PrivateCa>>();

/** Opens the CA in a directory, making it first when there is none. Never call it in check mode. */
export async function openPrivateCa(directory: string, options: OpenOptions = {}): Promise<PrivateCa> {
  const path = resolve(directory);
  const running = opening.get(path) ?? openOrMake(path, options).finally(() => opening.delete(path));
  opening.set(path, running);
  return await running;
}

/** The certificate (PEM) of the CA in a directory, read now; undefined while there is no CA. Makes nothing. */
export function readPrivateCa(directory: string): string | undefined {
  return readAuthorityCertificate(resolve(directory));
}
