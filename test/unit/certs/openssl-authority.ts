import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs openssl in a directory; gives its output, throws when it fails. */
export function openssl(cwd: string, ...args: readonly string[]): string {
  return execFileSync('openssl', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A temporary directory with certificates made by openssl, named `NAME.pem` and `NAME.key`. */
export class OpensslAuthority {
  readonly directory = mkdtempSync(join(tmpdir(), 'provision-certs-'));

  /** Makes a self-signed certificate. */
  root(name: string, extensions: string, subject = name): void {
    this.#key(name);
    this.#config(name, extensions);
    const flags = ['-x509', '-new', '-days', '400', '-subj', `/CN=${subject}`, '-config', `${name}.cnf`];
    openssl(
      this.directory,
      'req',
      ...flags,
      '-extensions',
      'x',
      '-key',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  }

  /** Makes a certificate signed by another. */
  issue(name: string, issuer: string, extensions: string, days = 90): void {
    this.#key(name);
    this.#config(name, extensions);
    const request = ['-new', '-subj', `/CN=${name}`, '-config', `${name}.cnf`, '-key', `${name}.key`];
    openssl(this.directory, 'req', ...request, '-out', `${name}.csr`);
    const sign = ['-req', '-in', `${name}.csr`, '-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
    const say = ['-CAcreateserial', '-days', String(days), '-extfile', `${name}.cnf`, '-extensions', 'x'];
    openssl(this.directory, 'x509', ...sign, ...say, '-out', `${name}.pem`);
  }

  /** The certificates of these names one after another. */
  pem(...names: readonly string[]): string {
    return names.map((name) => readFileSync(join(this.directory, `${name}.pem`), 'utf8')).join('');
  }

  /** Public half of a key. */
  publicKey(name: string): string {
    return openssl(this.directory, 'pkey', '-in', `${name}.key`, '-pubout');
  }

  /** Whether `openssl verify` accepts the chain for the purpose at that time. */
  verifies(
    chain: readonly string[],
    roots: readonly string[],
    purpose: 'server' | 'client',
    now: Date,
  ): boolean {
    writeFileSync(join(this.directory, 'roots.txt'), this.pem(...roots));
    writeFileSync(join(this.directory, 'chain.txt'), this.pem(...chain.slice(1)) || '\n');
    const time = ['-attime', String(Math.floor(now.getTime() / 1000)), '-no-CApath', '-no-CAstore'];
    const flags = [
      '-purpose',
      `ssl${purpose}`,
      '-CAfile',
      'roots.txt',
      ...(chain.length > 1 ? ['-untrusted', 'chain.txt'] : []),
    ];
    try {
      openssl(this.directory, 'verify', ...time, ...flags, `${chain[0]}.pem`);
      return true;
    } catch {
      return false;
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #key(name: string): void {
    const flags = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`];
    openssl(this.directory, 'genpkey', ...flags);
  }

  #config(name: string, extensions: string): void {
    const text = `[req]\ndistinguished_name=n\nprompt=no\n[n]\nCN=${name}\n[x]\n${extensions.replaceAll(';', '\n')}\n`;
    writeFileSync(join(this.directory, `${name}.cnf`), text);
  }
}
