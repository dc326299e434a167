import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { opensslPrivatekey } from '../../../src/resources/openssl-privatekey.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();

async function reach(args: object): Promise<readonly string[]> {
  const { changes, outputs, refused } = await machine.apply(opensslPrivatekey, args);
  expect(refused).toEqual([]);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  expect((await machine.plan(opensslPrivatekey, args)).changes).toEqual([]);
  return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
}

test.each([
  [{ size: 2048 }, 'RSA 2048', 'BEGIN RSA PRIVATE KEY'],
  [{ size: 2048, format: 'pkcs8' }, 'RSA 2048', 'BEGIN PRIVATE KEY'],
  [{ type: 'ECC', curve: 'secp256r1' }, 'ECC secp256r1', 'BEGIN EC PRIVATE KEY'],
  [{ type: 'Ed25519' }, 'Ed25519', 'BEGIN PRIVATE KEY'],
  [{ type: 'X448' }, 'X448', 'BEGIN PRIVATE KEY'],
  [{ type: 'ECC', curve: 'secp384r1', passphrase: "it's $(x)" }, 'ECC secp384r1', 'ENCRYPTED'],
])('%j is made, for its owner alone, and once is enough', async (args, kind, head) => {
  const path = join(fresh(), "it's.pem");
  expect(await reach({ path, ...args })).toEqual([`key: absent -> ${kind}`, 'mode: undefined -> 0600']);
  expect(readFileSync(path, 'utf8')).toContain(head);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a key that differs is made anew, and kept where that is wanted', async () => {
  const directory = fresh();
  const path = join(directory, 'key.pem');
  const curve = { path, type: 'ECC', curve: 'secp256r1' };
  await reach(curve);
  const first = readFileSync(path, 'utf8');
  expect(await reach({ path, type: 'Ed25519', mode: '0640', backup: true })).toEqual([
    'key: ECC prime256v1 -> Ed25519',
    'mode: 0600 -> 0640',
  ]);
  const kept = execFileSync('ls', [directory], { encoding: 'utf8' }).split('\n');
  const copy = kept.find((name) => name.endsWith('~')) ?? '';
  expect(readFileSync(join(directory, copy), 'utf8')).toBe(first);
  const refused = async (more: object) =>
    (await machine.plan(opensslPrivatekey, { ...curve, ...more })).refused;
  expect(await refused({ regenerate: 'fail' })).toEqual([
    `the key ${path} is not as wanted, and regenerate: fail leaves it alone`,
  ]);
  expect(
    (await machine.plan(opensslPrivatekey, { ...curve, regenerate: 'never', mode: '0640' })).changes,
  ).toEqual([]);
  const last = readFileSync(path, 'utf8');
  expect(await reach({ path, state: 'absent', backup: true })).toEqual(['key: present -> absent']);
  expect(existsSync(path)).toBe(false);
  const copies = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
  expect(copies).toContain(last);
});

test('a key in another format is converted, and stays the same key', async () => {
  const path = join(fresh(), 'key.pem');
  const args = { path, type: 'ECC', curve: 'secp256r1' };
  await reach(args);
  const publicKey = () => execFileSync('openssl', ['pkey', '-in', path, '-pubout'], { encoding: 'utf8' });
  const before = publicKey();
  const wish = { ...args, format: 'pkcs8', format_mismatch: 'convert' };
  expect(await reach(wish)).toEqual(['format: pkcs1 -> pkcs8']);
  expect(publicKey()).toBe(before);
});

test('what is registered is what Ansible registers, and no key', async () => {
  const path = join(fresh(), 'key.pem');
  const args = { path, type: 'Ed25519' };
  await reach(args);
  const { result } = await machine.apply(opensslPrivatekey, args);
  expect(result).toMatchObject({
    filename: path,
    type: 'Ed25519',
    fingerprint: { sha256: expect.stringMatching(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/) },
  });
  expect(JSON.stringify(result)).not.toContain('PRIVATE');
});

test.each([
  [{ type: 'ECC' }, 'type is ECC but all of the following are missing: curve'],
  [{ return_content: true }, 'return_content is not supported: no key leaves its host'],
  [{ format: 'raw', type: 'Ed25519' }, 'format: raw is not supported: use pkcs8'],
  [{ format: 'pkcs1', type: 'Ed25519' }, 'there is no pkcs1 format for keys of type Ed25519: use pkcs8'],
  [
    { regenerate: 'partial_idempotence' },
    'Unable to read the key PATH: it is protected by another passphrase, or broken',
  ],
])('%j is refused', async (args, reason) => {
  const path = join(fresh(), 'key.pem');
  writeFileSync(path, 'nonsense\n');
  const { refused } = await machine.plan(opensslPrivatekey, { path, ...args });
  expect(refused).toEqual([reason.replace('PATH', path)]);
});
