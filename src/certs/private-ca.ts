import { resolve } from 'node:path';
import { ProvisionError } from '../errors/problem.ts';
import { makeAuthority, signRequest, type Wanted } from './issuing.ts';
import {
  readAuthority,
  readAuthorityCertificate,
  recordIssued,
  type StoredAuthority,
  storeAuthority,
} from './private-ca-files.ts';

/** The private CA of a playbook, on the control node. */
export class PrivateCa {
  readonly #directory: string;
  readonly #authority: StoredAuthority;

  constructor(directory: string, authority: StoredAuthority) {
    this.#directory = directory;
    this.#authority = authority;
  }

  /** Its own certificate, PEM. */
  get certificate(): string {
    return this.#authority.pem;
  }

  /** Signs a PEM request and writes that down; gives the chain to install. Throws ProvisionError for a bad request. */
  async issue(request: string, wanted: Wanted): Promise<string> {
    const chain = await signRequest(request, wanted, this.#authority, new Date());
    await recordIssued(this.#directory, wanted.names, chain);
    return chain;
  }
}

async function openOrMake(directory: string): Promise<PrivateCa> {
  const there = readAuthority(directory);
  if (there) return new PrivateCa(directory, there);
  await storeAuthority(directory, await makeAuthority(new Date()));
  const made = readAuthority(directory);
  if (made) return new PrivateCa(directory, made);
  throw new ProvisionError([
    {
      code: 'private-ca',
      message: `the directory ${directory} is not empty but holds no private CA`,
      hint: 'move its files away, or name another directory for the CA',
    },
  ]);
}

// Hosts that need the CA at the same moment share one opening: they would make ten and throw nine away.
const opening = new Map<string, Promise<PrivateCa>>();

/** Opens the CA in a directory, making it first when there is none. Never call it in check mode. */
export async function openPrivateCa(directory: string): Promise<PrivateCa> {
  const path = resolve(directory);
  const running = opening.get(path) ?? openOrMake(path).finally(() => opening.delete(path));
  opening.set(path, running);
  return await running;
}

/** The certificate (PEM) of the CA in a directory, read now; undefined while there is no CA. Makes nothing. */
export function readPrivateCa(directory: string): string | undefined {
  return readAuthorityCertificate(resolve(directory));
}
