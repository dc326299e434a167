import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs openssl in a directory; gives its output, throws when it fails. */
export function openssl(cwd: string, ...args: readonly string[]): string {
  return execFileSync('openssl', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** From when to when a certificate is valid, in days from now. */
interface Life {
  readonly from?: number;
  readonly to: number;
}

/** A temporary directory with certificates made by openssl, named `NAME.pem` and `NAME.key`. */
export class OpensslAuthority {
  readonly directory = mkdtempSync(join(tmpdir(), 'provision-certs-'));

  /** Makes a self-signed certificate. */
  root(name: string, extensions: string, subject = name, life: Life = { to: 400 }): void {
    this.#key(name);
    this.#sign(name, subject, extensions, ['-selfsign', '-keyfile', `${name}.key`], life);
  }

  /** Makes a certificate signed by another. */
  issue(name: string, issuer: string, extensions: string, life: number | Life = 90, rsaBits?: number): void {
    this.#key(name, rsaBits);
    const signer = ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
    this.#sign(name, name, extensions, signer, typeof life === 'number' ? { to: life } : life);
  }

  /** Makes a certificate for the name and key of another, signed by a third. */
  cross(name: string, of: string, issuer: string, extensions: string): void {
    copyFileSync(join(this.directory, `${of}.key`), join(this.directory, `${name}.key`));
    const signer = ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
    this.#sign(name, of, extensions, signer, { to: 90 });
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

  #key(name: string, rsaBits?: number): void {
    const kind =
      rsaBits === undefined
        ? ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
        : ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${rsaBits}`];
    openssl(this.directory, 'genpkey', ...kind, '-out', `${name}.key`);
  }

  // `openssl ca`, because it alone takes a start and an end.
  #sign(
    name: string,
    subject: string,
    extensions: string,
    signer: readonly string[],
    { from = 0, to }: Life,
  ): void {
    const lines = [
      [
        '[ca]',
        'default_ca=d',
        '[d]',
        'database=index',
        'new_certs_dir=.',
        'rand_serial=yes',
        'default_md=sha256',
      ],
      ['policy=p', 'unique_subject=no', 'x509_extensions=x', '[p]', 'commonName=supplied'],
      [
        '[req]',
        'distinguished_name=n',
        'prompt=no',
        '[n]',
        `CN=${name}`,
        '[x]',
        ...extensions.split(';'),
        '',
      ],
    ];
    writeFileSync(join(this.directory, `${name}.cnf`), lines.flat().join('\n'));
    writeFileSync(join(this.directory, 'index'), '');
    const config = ['-config', `${name}.cnf`];
    const request = ['-new', ...config, '-subj', `/CN=${subject}`, '-key', `${name}.key`];
    openssl(this.directory, 'req', ...request, '-out', `${name}.csr`);
    const dates = ['-startdate', asn1Time(from), '-enddate', asn1Time(to)];
    const out = ['-in', `${name}.csr`, '-out', `${name}.pem`];
    openssl(this.directory, 'ca', '-batch', '-notext', ...config, ...signer, ...dates, ...out);
  }
}

function asn1Time(days: number): string {
  const moment = new Date(Date.now() + days * 86_400_000).toISOString();
  return `${moment.slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
