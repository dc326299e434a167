import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { opensshKeypair } from '../../../src/resources/openssh-keypair.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();

async function reach(args: object): Promise<readonly string[]> {
  const { changes, outputs, refused } = await machine.apply(opensshKeypair, args);
  expect(refused).toEqual([]);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  expect((await machine.plan(opensshKeypair, args)).changes).toEqual([]);
  return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
}

test('a pair is made, kept, commented, made anew where it differs, and removed', async () => {
  const path = join(fresh(), "it's $(here)");
  const ed = { path, type: 'ed25519', comment: "a 'b'" };
  expect(await reach(ed)).toEqual(['key: absent -> ed25519 256']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(`${path}.pub`).mode & 0o777).toBe(0o644);
  const first = readFileSync(`${path}.pub`, 'utf8');
  expect(first).toMatch(/^ssh-ed25519 \S+ a 'b'\n$/);
  expect(await reach({ ...ed, comment: 'c' })).toEqual(["comment: a 'b' -> c"]);
  expect(readFileSync(`${path}.pub`, 'utf8')).toBe(first.replace("a 'b'", 'c'));
  expect(await reach({ path, type: 'ecdsa', size: 384, mode: '0640' })).toEqual([
    'key: ed25519 256 -> ecdsa 384',
    'mode: 0600 -> 0640',
  ]);
  expect(await reach({ path, state: 'absent' })).toEqual([
    'key: present -> absent',
    'public key: present -> absent',
  ]);
  expect(existsSync(path)).toBe(false);
});

test('the public half is put back, from the private one', async () => {
  const path = join(fresh(), 'k');
  await reach({ path, type: 'ed25519', comment: 'x' });
  const text = readFileSync(`${path}.pub`, 'utf8');
  writeFileSync(`${path}.pub`, 'ssh-ed25519 AAAA of another\n');
  expect(await reach({ path, type: 'ed25519', comment: 'x' })).toEqual([
    'public key: of another key -> present',
  ]);
  expect(readFileSync(`${path}.pub`, 'utf8')).toBe(text);
});

test('what is registered is what Ansible registers, and no private key', async () => {
  const path = join(fresh(), 'k');
  await reach({ path, type: 'ed25519', comment: 'x' });
  const { result } = await machine.apply(opensshKeypair, { path, type: 'ed25519' });
  expect(result).toEqual({
    filename: path,
    type: 'ed25519',
    size: 256,
    fingerprint: expect.stringMatching(/^SHA256:/),
    public_key: readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
    comment: 'x',
  });
});

test.each([
  [{ regenerate: 'never' }, []],
  [{ regenerate: 'fail' }, ['the key PATH is not as wanted, and regenerate: fail leaves it alone']],
  [{ passphrase: 'x' }, ['passphrase is not supported: ssh-keygen would show it to all users of the host']],
  [{ private_key_format: 'pkcs1' }, ['private_key_format: pkcs1 is not supported: leave it out']],
])('%j with another kind of key', async (args, reasons) => {
  const path = join(fresh(), 'k');
  await reach({ path, type: 'ed25519' });
  const { refused, changes } = await machine.plan(opensshKeypair, { path, type: 'ecdsa', ...args });
  expect(refused).toEqual(reasons.map((reason) => reason.replace('PATH', path)));
  expect(changes).toEqual([]);
});

test.each([
  ['partial_idempotence', 'refused'],
  ['full_idempotence', 'unreadable'],
])('a broken key with %s: %s', async (regenerate, how) => {
  const path = join(fresh(), 'k');
  writeFileSync(path, 'nonsense\n');
  chmodSync(path, 0o600);
  const { refused, changes } = await machine.plan(opensshKeypair, { path, type: 'ed25519', regenerate });
  expect([refused.length, changes[0]?.from ?? 'refused']).toEqual([how === 'refused' ? 1 : 0, how]);
});
