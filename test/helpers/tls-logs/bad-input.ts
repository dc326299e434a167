import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { certificateCheck } from '../../../src/domains/tls-logs/resources/certificate-check.ts';
import { putPrelude } from '../../../src/shell/put.ts';
import { treeOf } from '../resources/file-tree.ts';
import { type Shell, ShellHost } from '../resources/shell-host.ts';
import { clockOff } from './false-clock.ts';
import { OpensslAuthority, openssl } from './openssl-authority.ts';

const server = 'extendedKeyUsage=serverAuth;subjectAltName=DNS:log.example.com';

/** Certificates and keys, good and bad, all made by openssl. */
export const made = new OpensslAuthority();

/** Makes them; takes a second. */
export function makeAll(): void {
  // Another file of tests in this process may have removed them.
  mkdirSync(made.directory, { recursive: true });
  made.root('root', 'basicConstraints=critical,CA:true', 'root', { from: -100, to: 400 });
  made.root('oldroot', 'basicConstraints=critical,CA:true', 'oldroot', { from: -20, to: -10 });
  made.root('nextroot', 'basicConstraints=critical,CA:true', 'nextroot', { from: 10, to: 20 });
  made.root('self', server);
  made.issue('middle', 'root', 'basicConstraints=critical,CA:true', { from: -100, to: 300 });
  made.issue('server', 'middle', server);
  made.issue('expired', 'middle', server, { from: -20, to: -2 });
  made.issue('future', 'middle', server, { from: 2, to: 20 });
  made.issue('name', 'middle', 'extendedKeyUsage=serverAuth;subjectAltName=DNS:other.example.com');
  made.issue('nameless', 'middle', 'extendedKeyUsage=serverAuth');
  made.issue('plain', 'middle', 'subjectAltName=DNS:log.example.com');
  made.issue('both', 'middle', 'extendedKeyUsage=serverAuth,clientAuth;subjectAltName=DNS:log.example.com');
  made.issue('client', 'middle', 'extendedKeyUsage=clientAuth;subjectAltName=DNS:log.example.com');
  made.issue('weak', 'middle', server, 90, 1024);
  made.issue('weakmiddle', 'root', 'basicConstraints=critical,CA:true', 90, 1024);
  made.issue('underweak', 'weakmiddle', server);
  made.root('twin', 'basicConstraints=critical,CA:true');
  made.cross('crossed', 'twin', 'root', 'basicConstraints=critical,CA:true');
  made.issue('crosschild', 'twin', server);
  const at = (name: string) => join(made.directory, name);
  openssl(made.directory, 'x509', '-in', 'server.pem', '-trustout', '-out', 'server-trusted.pem');
  openssl(made.directory, 'x509', '-in', 'middle.pem', '-trustout', '-out', 'middle-trusted.pem');
  const bundle = ['-inkey', 'server.key', '-in', 'server.pem', '-certfile', 'middle.pem'];
  openssl(made.directory, 'pkcs12', '-export', ...bundle, '-passout', 'pass:secret', '-out', 'secret.p12');
  openssl(made.directory, 'pkcs12', '-export', ...bundle, '-passout', 'pass:', '-out', 'open.p12');
  const encrypt = ['-aes256', '-passout', 'pass:secret'];
  openssl(made.directory, 'pkey', '-in', 'server.key', ...encrypt, '-out', 'encrypted.key');
  openssl(made.directory, 'ec', '-in', 'server.key', ...encrypt, '-out', 'oldencrypted.key');
  openssl(made.directory, 'pkey', '-in', 'server.key', '-outform', 'der', '-out', 'der.key');
  openssl(made.directory, 'x509', '-in', 'server.pem', '-outform', 'der', '-out', 'der.pem');
  writeFileSync(
    at('openssh.key'),
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n',
  );
  writeFileSync(at('damaged.key'), '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n');
}

/** Where a row may put what is wrong. */
export interface Place {
  readonly directory: string;
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

/** One thing that is wrong, and what is said of it; nothing for what is right. */
export interface Row {
  readonly what: string;
  readonly chain?: readonly string[];
  readonly key?: string;
  readonly spoil?: (place: Place) => void;
  readonly more?: object;
  /** Name of the certificate's file, where it is another. */
  readonly file?: string;
  /** Below the user's home: where another program keeps a certificate. */
  readonly elsewhere?: string;
  /** Shell functions of the host. */
  readonly functions?: string;
  readonly shell?: Shell;
  readonly says: RegExp | undefined;
}

/** Shell function: a clock that is so many days off. */
export const clock = (days: number) => clockOff(`${days} days`);
/** Shell function: the key belongs to that user. */
export const owner = (uid: number, name: string) =>
  `stat() { case "$3 $5" in '%u %a '*privkey.pem) echo ${uid} 600 ;; '%U '*privkey.pem) echo ${name} ;; *) command stat "$@" ;; esac; }`;
/** Whoever runs the tests, this shell belongs to a user who is not root. */
export const nobody: Shell =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups', 'sh', '-s'] : ['sh', '-s'];
/** Puts something else where a file was. */
export const instead =
  (write: (path: string) => void, which: 'certificate' | 'key' | 'ca') => (place: Place) => {
    rmSync(place[which], { recursive: true, force: true });
    write(place[which]);
  };
/** Writes a file that only its owner may read. */
export const put = (text: () => string) => (path: string) => writeFileSync(path, text(), { mode: 0o600 });
/** A private key, PEM. */
export const key = (name: string) => readFileSync(join(made.directory, `${name}.key`), 'utf8');

const good = (place: Place) => ({
  certificate: place.certificate,
  key: place.key,
  purpose: 'server',
  names: ['log.example.com'],
  ca_file: place.ca,
});

/** What certificate_check says of a good server certificate that a row spoils; it must touch nothing and learn no key. */
export async function refusal(row: Row, directory: string): Promise<readonly string[]> {
  chmodSync(directory, 0o755);
  const at = (name: string) => join(directory, name);
  const place = { directory, certificate: at('fullchain.pem'), key: at('privkey.pem'), ca: at('ca.pem') };
  writeFileSync(place.certificate, made.pem(...(row.chain ?? ['server', 'middle'])));
  copyFileSync(join(made.directory, `${row.key ?? 'server'}.key`), place.key);
  chmodSync(place.key, 0o600);
  writeFileSync(place.ca, made.pem('root'));
  row.spoil?.(place);
  const home = at('home');
  if (row.elsewhere !== undefined) {
    mkdirSync(dirname(join(home, row.elsewhere)), { recursive: true });
    writeFileSync(join(home, row.elsewhere), made.pem('server', 'middle'));
  }
  const host = new ShellHost(row.shell, { HOME: home }, `${putPrelude}\n${row.functions ?? ''}`);
  const before = treeOf(directory);
  try {
    const named = row.file === undefined ? {} : { certificate: at(row.file) };
    const wish = { ...good(place), ...named, ...row.more };
    const { refused, have, changes } = await host.plan(certificateCheck, wish);
    const secret = key('server').split('\n')[1] ?? '';
    expect(Buffer.from(JSON.stringify(have)).includes(secret)).toBe(false);
    expect(changes).toEqual([]);
    return refused;
  } catch (error) {
    return [String(error)];
  } finally {
    expect(treeOf(directory)).toEqual(before);
  }
}
