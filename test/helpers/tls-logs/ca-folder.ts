import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { signRequest, type Wanted } from '../../../src/domains/tls-logs/private-ca/issuing.ts';
import { makeRequest } from '../../../src/domains/tls-logs/private-ca/key-request.ts';
import { openPrivateCa } from '../../../src/domains/tls-logs/private-ca/private-ca.ts';
import { readAuthority } from '../../../src/domains/tls-logs/private-ca/private-ca-files.ts';
import { openssl } from './openssl-authority.ts';

/** A folder for one CA, gone when the test is over; openssl judges what the CA issues. */
export class CaFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'provision-ca-'));
  /** Where the CA is; nothing is there at first. */
  readonly path = join(this.folder, 'ca');

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  read(...names: readonly string[]): string {
    return readFileSync(this.at(...names), 'utf8');
  }

  /** Issues a client certificate for a name, making the CA when there is none. */
  async issue(name: string, passphrase?: string): Promise<string> {
    const source =
      passphrase === undefined
        ? undefined
        : () => Promise.resolve({ text: passphrase, origin: 'test', again: false });
    const ca = await openPrivateCa(this.path, { passphrase: source });
    return await ca.issue((await makeRequest()).request, { names: [name], days: 90, server: false });
  }

  /** Signs whatever is wanted with the CA's key, as it would have been signed at that time. */
  async sign(wanted: Partial<Wanted>, now = new Date()): Promise<string> {
    const authority = readAuthority(this.path);
    if (authority?.key.kind !== 'plain') throw new Error('the CA has no key that can be used');
    const { certificate, key } = authority;
    const { request } = await makeRequest();
    const all = { names: ['h2'], days: 90, server: false, ...wanted };
    return await signRequest(request, all, { certificate, key: key.key }, now);
  }

  /** 'OK', or why `openssl verify` does not accept a certificate under a root (the present one). */
  verify(chain: string, purpose: 'sslclient' | 'sslserver', root = this.at('ca.pem')): string {
    writeFileSync(join(this.folder, 'leaf.pem'), chain);
    const alone = ['-no-CApath', '-no-CAstore', '-x509_strict', '-purpose', purpose];
    try {
      openssl(this.folder, 'verify', ...alone, '-CAfile', root, 'leaf.pem');
      return 'OK';
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
      return /error \d+ at \d+ depth lookup: (.*)/.exec(said)?.[1] ?? said;
    }
  }
}
