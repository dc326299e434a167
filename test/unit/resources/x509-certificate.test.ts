import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMoment } from '../../../src/resources/keys/certificate-code.ts';
import { opensslCsr } from '../../../src/resources/openssl-csr.ts';
import { x509Certificate } from '../../../src/resources/x509-certificate.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const silent: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
};
const openssl = (...words: readonly string[]) => execFileSync('openssl', words, silent);

/** A key, and a request that is made with it. */
async function request(more: object = {}, name = 'host') {
  const directory = fresh();
  const key = join(directory, `it's ${name}.key`);
  const csr = join(directory, `${name}.csr`);
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', key);
  await machine.apply(opensslCsr, { path: csr, privatekey_path: key, common_name: name, ...more });
  return { directory, key, csr, crt: join(directory, `it's ${name}.crt`) };
}

async function reach(args: object): Promise<readonly string[]> {
  const { changes, outputs, refused } = await machine.apply(x509Certificate, args);
  expect(refused).toEqual([]);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  expect((await machine.plan(x509Certificate, args)).changes).toEqual([]);
  return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
}

const shown = (file: string) => openssl('x509', '-in', file, '-noout', '-text');
const ca = {
  basic_constraints: ['CA:TRUE'],
  basic_constraints_critical: true,
  key_usage: ['keyCertSign'],
  create_subject_key_identifier: true,
};

test.each([
  ['+0s', { seconds: 0 }],
  ['+52w1d3h2m1s', { seconds: 31_546_921 }],
  ['-1d', { seconds: -86_400 }],
  ['20300101000000Z', { moment: '20300101000000Z' }],
])('%s', (text, moment) => {
  expect(readMoment(text)).toEqual(moment);
});

test('a certificate signed by its own key: with what the request says, once', async () => {
  const { key, csr, crt } = await request({ key_usage: ['digitalSignature'], organization_name: "it's ü" });
  const args = {
    path: crt,
    provider: 'selfsigned',
    csr_path: csr,
    privatekey_path: key,
    selfsigned_not_before: '20250101000000Z',
    selfsigned_not_after: '20600101000000Z',
    selfsigned_digest: 'sha384',
    mode: '0640',
  };
  expect(await reach(args)).toEqual(["certificate: absent -> CN=host,O=it's ü", 'mode: undefined -> 0640']);
  const text = shown(crt);
  for (const part of [
    'Version: 3',
    'DNS:host',
    'Digital Signature',
    'Subject Key Identifier',
    'ecdsa-with-SHA384',
    'Jan  1 00:00:00 2060 GMT',
  ])
    expect(text).toContain(part);
  expect(statSync(crt).mode & 0o777).toBe(0o640);
  expect(await reach({ ...args, selfsigned_not_after: '20610101000000Z' })).toEqual([]);
  expect(await reach({ ...args, selfsigned_not_after: '20610101000000Z', ignore_timestamps: false })).toEqual(
    ['not after: 20600101000000Z -> 20610101000000Z'],
  );
});

test('one signed by a CA: verified, and anew when request, key or CA differ', async () => {
  const authority = await request(ca, 'ca');
  const root = {
    path: authority.crt,
    provider: 'selfsigned',
    csr_path: authority.csr,
    privatekey_path: authority.key,
  };
  await reach(root);
  const { key, csr, crt, directory } = await request();
  const args = {
    path: crt,
    provider: 'ownca',
    csr_path: csr,
    ownca_path: authority.crt,
    ownca_privatekey_path: authority.key,
    ownca_not_after: '+90d',
  };
  expect(await reach(args)).toEqual(['certificate: absent -> CN=host']);
  expect(openssl('verify', '-CAfile', authority.crt, crt)).toBe(`${crt}: OK\n`);
  expect(shown(crt)).toContain('Authority Key Identifier');
  const days = (Date.parse(/Not After : (.*)/.exec(shown(crt))?.[1] ?? '') - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(90);
  await machine.apply(opensslCsr, {
    path: csr,
    privatekey_path: key,
    common_name: 'other',
    subject_alt_name: 'DNS:host',
  });
  expect(await reach({ ...args, backup: true })).toEqual(['subject: CN=host -> CN=other']);
  expect(execFileSync('ls', [directory], silent)).toContain('~');
  const second = await request(ca, 'ca');
  await reach({
    path: second.crt,
    provider: 'selfsigned',
    csr_path: second.csr,
    privatekey_path: second.key,
  });
  const moved = { ...args, ownca_path: second.crt, ownca_privatekey_path: second.key };
  expect(await reach(moved)).toEqual(['issuer: another CN=ca -> CN=ca']);
  writeFileSync(crt, 'rubbish');
  expect(await reach(moved)).toEqual(['certificate: unreadable -> CN=other']);
  expect(await reach({ path: crt, state: 'absent' })).toEqual(['certificate: present -> absent']);
  expect(existsSync(crt)).toBe(false);
});

test('everything by its content, and a key that is protected', async () => {
  const { key, csr, crt } = await request();
  const locked = `${key}.locked`;
  openssl('pkey', '-in', key, '-aes256', '-passout', "pass:it's", '-out', locked);
  const args = {
    path: crt,
    provider: 'selfsigned',
    csr_content: readFileSync(csr, 'utf8'),
    privatekey_content: readFileSync(locked, 'utf8'),
    privatekey_passphrase: "it's",
    selfsigned_create_subject_key_identifier: 'never_create',
    return_content: true,
  };
  await reach(args);
  expect(shown(crt)).not.toContain('Subject Key Identifier');
  expect((await machine.apply(x509Certificate, args)).result).toEqual({
    filename: crt,
    privatekey: null,
    csr: null,
    certificate: readFileSync(crt, 'utf8'),
  });
});

test('what cannot be is refused', async () => {
  const { key, csr, crt } = await request();
  const other = await request();
  const said = async (args: object) => (await machine.plan(x509Certificate, { path: crt, ...args })).refused;
  expect(await said({})).toEqual(['state is present but all of the following are missing: provider']);
  expect(await said({ provider: 'acme' })).toEqual([
    'provider: acme is not supported: use certbot on the host, or selfsigned or ownca here',
  ]);
  expect(await said({ provider: 'selfsigned' })).toEqual([
    'provider: selfsigned needs privatekey_path or privatekey_content',
  ]);
  expect(await said({ provider: 'selfsigned', privatekey_path: key, csr_path: '/nowhere' })).toEqual([
    'the request /nowhere does not exist on the host',
  ]);
  expect(await said({ provider: 'selfsigned', privatekey_path: other.key, csr_path: csr })).toEqual([
    'the request was made with another private key',
  ]);
  await reach({ path: crt, provider: 'selfsigned', privatekey_path: key, csr_path: csr });
  expect(
    await said({ provider: 'ownca', csr_path: csr, ownca_path: crt, ownca_privatekey_path: other.key }),
  ).toEqual(['The CA private key and certificate do not belong together']);
});
