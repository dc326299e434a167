import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { opensslCsr } from '../../../src/resources/openssl-csr.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();

function place(...more: readonly string[]): {
  readonly directory: string;
  readonly key: string;
  readonly csr: string;
} {
  const directory = fresh();
  const key = join(directory, "it's key.pem");
  const curve = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', [...curve, '-out', key, ...more], { stdio: 'ignore' });
  return { directory, key, csr: join(directory, "it's.csr") };
}

async function reach(args: object): Promise<readonly string[]> {
  const { changes, outputs, refused } = await machine.apply(opensslCsr, args);
  expect(refused).toEqual([]);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  expect((await machine.plan(opensslCsr, args)).changes).toEqual([]);
  return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
}

const shown = (csr: string) =>
  execFileSync('openssl', ['req', '-in', csr, '-noout', '-text', '-verify'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

test('a request with everything is made, is valid, and once is enough', async () => {
  const { key, csr } = place();
  const args = {
    path: csr,
    privatekey_path: key,
    country_name: 'DE',
    organization_name: 'it\'s $HOME #1 \\ "x" ü',
    common_name: 'host.example.org',
    subject: { OU: ['a', 'b'] },
    subject_alt_name: [
      'DNS:host.example.org',
      'IP:10.0.0.1',
      'IP:::1',
      'email:a@example.org',
      'URI:https://x/?a=b,c',
    ],
    key_usage: ['digitalSignature', 'Key Encipherment'],
    key_usage_critical: true,
    extended_key_usage: ['serverAuth', '1.2.3.4'],
    basic_constraints: ['CA:TRUE', 'pathlen:0'],
    basic_constraints_critical: true,
    ocsp_must_staple: true,
    name_constraints_permitted: ['DNS:example.org'],
    name_constraints_excluded: ['email:.example.com'],
    create_subject_key_identifier: true,
    authority_key_identifier: '00:aa:bb',
    crl_distribution_points: [
      { full_name: ['URI:http://x/crl'], reasons: ['key_compromise', 'ca_compromise'] },
    ],
    digest: 'sha512',
    mode: '0600',
  };
  expect(await reach(args)).toEqual([
    expect.stringMatching(/^request: absent -> /),
    'mode: undefined -> 0600',
  ]);
  const text = shown(csr);
  for (const part of [
    'ecdsa-with-SHA512',
    'DNS:host.example.org, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1, email:a@example.org, URI:https://x/?a=b,c',
    'X509v3 Key Usage: critical',
    'Digital Signature, Key Encipherment',
    'TLS Web Server Authentication, 1.2.3.4',
    'CA:TRUE, pathlen:0',
    'status_request',
    'Excluded:',
    '00:AA:BB',
    'Key Compromise, CA Compromise',
  ])
    expect(text).toContain(part);
  expect(statSync(csr).mode & 0o777).toBe(0o600);
});

test('the common name is the other name where there is none, unless that is not wanted', async () => {
  const { key, csr } = place();
  const args = { path: csr, privatekey_path: key, common_name: 'a.b' };
  await reach(args);
  expect(shown(csr)).toContain('DNS:a.b');
  expect(await reach({ ...args, use_common_name_for_san: false })).toEqual([
    'X509v3 Subject Alternative Name: DNS:a.b -> absent',
  ]);
});

test('what differs is named, and other orders of names do not count', async () => {
  const { directory, key, csr } = place();
  const args = { path: csr, privatekey_path: key, common_name: 'a', subject_alt_name: ['DNS:a', 'DNS:b'] };
  await reach(args);
  expect(await reach({ ...args, subject_alt_name: ['DNS:b', 'DNS:a'] })).toEqual([]);
  expect(await reach({ ...args, common_name: 'c', backup: true, digest: 'sha384' })).toEqual([
    'subject: CN=a -> CN=c',
    'digest: ecdsa-with-SHA256 -> ecdsa-with-SHA384',
  ]);
  const other = place();
  expect(await reach({ ...args, common_name: 'c', digest: 'sha384', privatekey_path: other.key })).toEqual([
    `key: another one -> ${other.key}`,
  ]);
  writeFileSync(csr, 'rubbish');
  expect(await reach(args)).toEqual(['request: unreadable -> CN=a']);
  expect(execFileSync('ls', [directory], { encoding: 'utf8' })).toContain('~');
  expect(await reach({ path: csr, state: 'absent' })).toEqual(['request: present -> absent']);
  expect(existsSync(csr)).toBe(false);
});

test('a key by its content, and one that is protected; the order of a subject', async () => {
  const { key, csr } = place('-aes256', '-pass', "pass:it's $x");
  const args = {
    path: csr,
    privatekey_content: readFileSync(key, 'utf8'),
    privatekey_passphrase: "it's $x",
    subject_ordered: [{ CN: 'a' }, { O: 'b' }, { OU: ['c', 'd'] }],
    return_content: true,
  };
  await reach(args);
  const { result } = await machine.apply(opensslCsr, args);
  expect(result).toMatchObject({
    filename: csr,
    subject: [
      ['CN', 'a'],
      ['O', 'b'],
      ['OU', 'c'],
      ['OU', 'd'],
    ],
    subjectAltName: ['DNS:a'],
    csr: readFileSync(csr, 'utf8'),
  });
  expect((await machine.plan(opensslCsr, { ...args, privatekey_passphrase: 'no' })).refused.join()).toMatch(
    /^openssl cannot make the request: /,
  );
});

test('what cannot be is refused', async () => {
  const { key, csr } = place();
  const said = async (args: object) => (await machine.plan(opensslCsr, { path: csr, ...args })).refused;
  expect(await said({})).toEqual(['one of the following is required: privatekey_path, privatekey_content']);
  expect(await said({ privatekey_path: '/nowhere/key' })).toEqual([
    'the private key /nowhere/key does not exist on the host',
  ]);
  expect(await said({ privatekey_path: key, key_usage: ['nonsense'] })).toEqual([
    expect.stringMatching(/^openssl cannot make the request: /),
  ]);
  expect(await said({ privatekey_path: key, subject_alt_name: ['dirName:x'] })).toEqual([
    'dirName in subject_alt_name is not supported',
  ]);
});
