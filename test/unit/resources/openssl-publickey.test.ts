import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { opensslPublickey } from '../../../src/resources/openssl-publickey.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const openssl = (...words: readonly string[]) =>
  execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

// A folder with the private key `key`.
function withKey(...kind: readonly string[]): string {
  const directory = fresh();
  openssl('genpkey', '-algorithm', ...kind, '-out', join(directory, 'key'));
  return directory;
}

const kinds = [
  ['RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  ['EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  ['EC', '-pkeyopt', 'ec_paramgen_curve:secp521r1'],
  ['ED25519'],
];

test.each(kinds)('the public half of %s %s %s, once', async (...kind) => {
  const directory = withKey(...kind);
  const args = { path: `${directory}/pub`, privatekey_path: `${directory}/key`, return_content: true };
  const { changes, result } = await machine.apply(opensslPublickey, args);
  expect(changes).toMatchObject([{ attribute: 'state', from: 'absent', to: 'file' }]);
  const pem = openssl('pkey', '-in', `${directory}/key`, '-pubout');
  expect(readFileSync(`${directory}/pub`, 'utf8')).toBe(pem);
  expect(result).toMatchObject({
    filename: args.path,
    format: 'PEM',
    privatekey: args.privatekey_path,
    publickey: pem,
  });
  expect((await machine.apply(opensslPublickey, args)).changes).toEqual([]);
});

test.each(kinds)('as OpenSSH has it: %s %s %s', async (...kind) => {
  const directory = withKey(...kind);
  const args = { path: `${directory}/pub`, privatekey_path: `${directory}/key`, format: 'OpenSSH' };
  await machine.apply(opensslPublickey, args);
  const written = readFileSync(args.path, 'utf8');
  // What ssh-keygen makes of the file is the key that openssl knows; Ed25519 it writes in no other way.
  if (kind[0] === 'ED25519')
    expect(written).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}$/);
  else {
    const back = execFileSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', args.path], { encoding: 'utf8' });
    expect(back).toBe(openssl('pkey', '-in', `${directory}/key`, '-pubout'));
  }
  writeFileSync(args.path, `${written} anna@host\n`);
  expect((await machine.apply(opensslPublickey, args)).changes).toEqual([]);
});

test('one of another key is replaced, and kept where that is wanted', async () => {
  const directory = withKey('ED25519');
  const args = { path: `${directory}/pub`, privatekey_path: `${directory}/key`, backup: true };
  writeFileSync(args.path, 'old');
  const { result } = await machine.apply(opensslPublickey, args);
  expect(readFileSync(String(result.backup_file), 'utf8')).toBe('old');
  const again = await machine.apply(opensslPublickey, { ...args, force: true });
  expect(again.changes).toEqual([{ attribute: 'content', to: 'written anew' }]);
  const gone = await machine.apply(opensslPublickey, { path: args.path, state: 'absent' });
  expect([gone.changes, existsSync(args.path)]).toEqual([
    [{ attribute: 'key', from: 'present', to: 'absent' }],
    false,
  ]);
});

test('the private key may be given, and protected', async () => {
  const directory = fresh();
  const key = openssl('genpkey', '-algorithm', 'ED25519', '-aes256', '-pass', 'pass:secret');
  const args = { path: `${directory}/pub`, privatekey_content: key, privatekey_passphrase: 'secret' };
  const { outputs, result } = await machine.apply(opensslPublickey, args);
  expect(readFileSync(args.path, 'utf8')).toContain('BEGIN PUBLIC KEY');
  expect(JSON.stringify([outputs, result])).not.toContain('PRIVATE');
  const wrong = await machine.plan(opensslPublickey, { ...args, privatekey_passphrase: 'other' });
  expect(wrong.refused.join()).toMatch(/^openssl cannot read the private key: /);
});

test.each([
  [{ privatekey_path: '/nowhere/key' }, /the private key \/nowhere\/key does not exist on the host/],
  [{}, /one of privatekey_path and privatekey_content is needed/],
  [{ privatekey_path: '/a', privatekey_content: 'b' }, /mutually exclusive/],
])('refuses %j', async (more, message) => {
  const { refused } = await machine.plan(opensslPublickey, { path: `${fresh()}/pub`, ...more });
  expect(refused.join()).toMatch(message);
});

test('a kind of key that OpenSSH does not have is refused', async () => {
  const directory = withKey('X25519');
  const args = { path: `${directory}/pub`, privatekey_path: `${directory}/key`, format: 'OpenSSH' };
  expect((await machine.plan(opensslPublickey, args)).refused).toEqual([
    expect.stringContaining('OpenSSH has no such kind of key'),
  ]);
});
