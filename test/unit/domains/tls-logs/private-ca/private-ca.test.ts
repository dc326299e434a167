import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrivateCa, readPrivateCa } from '../../../../../src/domains/tls-logs/private-ca/private-ca.ts';
import { OpensslAuthority, openssl } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
const at = (...names: readonly string[]) => join(made.directory, ...names);
const request = (name: string, ...flags: readonly string[]) => {
  const key = flags.length > 0 ? flags : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const extra = ['-addext', 'subjectAltName=DNS:evil.example.com', '-addext', 'basicConstraints=CA:true'];
  openssl(
    made.directory,
    'req',
    '-new',
    ...key,
    '-nodes',
    '-keyout',
    at(`${name}.key`),
    '-subj',
    '/CN=evil',
    ...extra,
    '-out',
    at(`${name}.csr`),
  );
  return readFileSync(at(`${name}.csr`), 'utf8');
};

beforeAll(() => mkdirSync(at('state')));
afterAll(() => made.remove());

describe('the private CA', () => {
  it('does not exist until it is opened', async () => {
    expect(readPrivateCa(at('state', 'none'))).toBeUndefined();
    expect(readdirSync(at('state'))).toEqual([]);
  });

  it('is one CA when ten hosts ask at once, in files that only their owner may read', async () => {
    const directory = at('state', 'many', 'ca');
    const opened = await Promise.all(Array.from({ length: 10 }, () => openPrivateCa(directory)));
    expect(new Set(opened.map((ca) => ca.certificate)).size).toBe(1);
    expect(readPrivateCa(directory)).toBe(opened[0]?.certificate);
    expect(readdirSync(at('state', 'many'))).toEqual(['ca']);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'ca-key.pem')).mode & 0o777).toBe(0o600);
    const csr = request('many');
    const chains = await Promise.all(
      opened.map((ca, index) => ca.issue(csr, { names: [`h${index}`], days: 30, server: false })),
    );
    const lines = readFileSync(join(directory, 'issued.jsonl'), 'utf8').trim().split('\n');
    const serials = lines.map((line) => JSON.parse(line).serial);
    expect(new Set(serials).size).toBe(10);
    expect(new Set(chains.map((chain) => new X509Certificate(chain).serialNumber))).toEqual(new Set(serials));
  });

  it('is one CA when another run makes it at the same moment', async () => {
    const directory = at('state', 'race');
    const { makeAuthority } = await import('../../../../../src/domains/tls-logs/private-ca/new-authority.ts');
    const { storeAuthority } = await import(
      '../../../../../src/domains/tls-logs/private-ca/authority-storing.ts'
    );
    const both = await Promise.all([makeAuthority(new Date()), makeAuthority(new Date())]);
    await Promise.all(both.map((one) => storeAuthority(directory, one)));
    const ca = await openPrivateCa(directory);
    expect(both.map((one) => one.certificate)).toContain(ca.certificate);
    expect(readdirSync(at('state')).filter((name) => name.startsWith('race'))).toEqual(['race']);
  });

  it.each([
    [false, 'sslclient', true],
    [false, 'sslserver', false],
    [true, 'sslclient', true],
    [true, 'sslserver', true],
  ])('issues what openssl accepts (server %s) as %s: %s', async (server, purpose, accepted) => {
    const ca = await openPrivateCa(at('state', 'ca'));
    const name = `leaf-${server}-${purpose}`;
    const chain = await ca.issue(request(name), { names: [name, 'h2.example.com'], days: 90, server });
    writeFileSync(at(`${name}.pem`), chain);
    const verify = () =>
      openssl(
        made.directory,
        'verify',
        '-x509_strict',
        '-purpose',
        purpose,
        '-CAfile',
        at('state', 'ca', 'ca.pem'),
        at(`${name}.pem`),
      );
    if (accepted) expect(verify()).toContain('OK');
    else expect(verify).toThrow(/purpose/);
    const issued = new X509Certificate(chain);
    expect(issued.subjectAltName).toBe(`DNS:${name}, DNS:h2.example.com`);
    expect(issued.ca).toBe(false);
    expect(issued.serialNumber).toHaveLength(32);
    const life = (issued.validToDate.getTime() - Date.now()) / 86_400_000;
    expect(life).toBeGreaterThan(89.9);
    expect(life).toBeLessThanOrEqual(90);
  });

  it('issues nothing beyond its own end', async () => {
    const ca = await openPrivateCa(at('state', 'ca'));
    const chain = await ca.issue(request('long'), { names: ['h9'], days: 9000, server: false });
    expect(new X509Certificate(chain).validToDate).toEqual(new X509Certificate(ca.certificate).validToDate);
  });

  it.each([
    ['no request', () => 'hello', ['h2'], 'not a certificate request'],
    ['a request signed by another key', () => tampered(), ['h2'], "not signed with the request's own key"],
    ['a weak key', () => request('weak', '-newkey', 'rsa:1024'), ['h2'], 'RSA of 1024 bits'],
    ['a bad name', () => request('name'), ['h2', 'a b'], "'a b'"],
    ['no name', () => request('noname'), [], 'no name'],
  ])('refuses %s', async (_what, make, names, message) => {
    const ca = await openPrivateCa(at('state', 'ca'));
    await expect(ca.issue(make(), { names, days: 90, server: false })).rejects.toThrow(message);
  });

  it.each([
    ['its key is missing', (directory: string) => chmodSync(directory, 0o700), 'is missing', ['ca.pem']],
    [
      'others may read its key',
      (directory: string) => chmodSync(join(directory, 'ca-key.pem'), 0o644),
      'read by others',
      ['ca.pem', 'ca-key.pem'],
    ],
    [
      'its key is another one',
      (directory: string) =>
        openssl(
          directory,
          'genpkey',
          '-algorithm',
          'EC',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-out',
          'ca-key.pem',
        ),
      'do not belong together',
      ['ca.pem', 'ca-key.pem'],
    ],
    [
      'its certificate is damaged',
      (directory: string) => writeFileSync(join(directory, 'ca.pem'), 'x'),
      'damaged',
      ['ca.pem', 'ca-key.pem'],
    ],
    [
      'the directory holds something else',
      (directory: string) => writeFileSync(join(directory, 'notes'), ''),
      'holds no private CA',
      [],
    ],
  ])('says so when %s', async (what, spoil, message, files) => {
    await openPrivateCa(at('state', 'ca'));
    const directory = at('state', `spoilt-${what.replaceAll(' ', '-')}`);
    mkdirSync(directory);
    for (const file of files)
      writeFileSync(join(directory, file), readFileSync(at('state', 'ca', file)), { mode: 0o600 });
    spoil(directory);
    await expect(openPrivateCa(directory)).rejects.toThrow(message);
  });
});

// The public key of the request is another one's: its signature no longer fits.
function tampered(): string {
  const der = (name: string) => Buffer.from(request(name).replaceAll(/-----.*-----|\s/g, ''), 'base64');
  const point = (bytes: Buffer) => bytes.indexOf(Buffer.from('034200', 'hex')) + 4;
  const [one, two] = [der('tamper-one'), der('tamper-two')];
  two.copy(one, point(one), point(two), point(two) + 64);
  return `-----BEGIN CERTIFICATE REQUEST-----\n${one
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}
