import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  hashedPassword,
  isPassword,
  passwordSchemes,
} from '../../../src/resources/accounts/password-hash.ts';
import { htpasswd } from '../../../src/resources/htpasswd.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();

// As openssl passwd writes them.
test.each([
  ['secret', '$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/'],
  ['secret', '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'],
  ['secret', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='],
  ['secret', 'secret'],
  ["ä b'c", '$apr1$abcdefgh$//GzPsHjfYc1RVfgJDg7i1'],
  ["ä b'c", '$1$abcdefgh$YSwxBr.xq6c0IoKEjuspE0'],
  ['a much longer password than sixteen bytes', '$apr1$abcdefgh$Eqv4oIyMsS.tjfvQCJYY1/'],
  ['a much longer password than sixteen bytes', '$1$abcdefgh$fW3178yKPY70TFejaM1Fv.'],
])('%s is written down as %s', (password, written) => {
  expect(isPassword(password, written)).toBe(true);
  expect(isPassword(`${password}x`, written)).toBe(false);
});

test.each([
  '$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC',
  '$apr1$abcdefgh$short',
  '{CRYPT}x',
])("%s is nobody's password here", (written) => {
  for (const password of ['', 'secret', written]) expect(isPassword(password, written)).toBe(false);
});

test.each(passwordSchemes)('%s writes what it recognises, with a salt of its own', (scheme) => {
  const all = [1, 2].map(() => hashedPassword('word', scheme));
  for (const written of all) expect(isPassword('word', written)).toBe(true);
  expect(new Set(all).size).toBe(scheme.endsWith('_crypt') ? 2 : 1);
});

async function reach(args: object) {
  const { changes, outputs, refused, result } = await machine.apply(htpasswd, args);
  expect(refused).toEqual([]);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  expect((await machine.plan(htpasswd, args)).changes).toEqual([]);
  const [first] = changes;
  return [first && `${first.attribute}: ${first.from} -> ${first.to}`, result.msg];
}

test('users come, get another password, and go; nothing of a file is shown', async () => {
  const path = join(fresh(), "it's/users");
  const joe = { path, name: 'joe', password: "it's $(secret)", mode: '0640' };
  expect(await reach(joe)).toEqual(['user joe: absent -> present', `Created ${path} and added joe`]);
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(await reach({ ...joe, name: 'ann', password: 'x', crypt_scheme: 'ldap_sha1' })).toEqual([
    'user ann: absent -> present',
    'Add/update ann',
  ]);
  expect(await reach(joe)).toEqual([undefined, 'joe already present']);
  expect(await reach({ ...joe, password: 'y' })).toEqual([
    'user joe: other password -> wanted password',
    'Add/update joe',
  ]);
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^joe:\$apr1\$.{8}\$.{22}$/),
    expect.stringMatching(/^ann:\{SHA\}/),
    '',
  ]);
  const planned = await machine.plan(htpasswd, { ...joe, password: 'z' });
  expect(JSON.stringify(planned.changes)).not.toMatch(/apr1|SHA/);
  expect(await reach({ path, name: 'joe', state: 'absent' })).toEqual([
    'user joe: present -> absent',
    'Remove joe',
  ]);
  expect(await reach({ path, name: 'joe', state: 'absent' })).toEqual([undefined, 'joe not present']);
  chmodSync(path, 0o600);
  expect(await reach({ path, name: 'ann', mode: '0644' })).toEqual([
    'mode: 0600 -> 0644',
    'ann already present and ownership, perms or SE linux context changed',
  ]);
});

test.each([
  [{ name: 'joe' }, /^password is needed: .* has no user joe yet$/],
  [{ name: 'joe', password: 'x', create: false, path: '/nonexistent/users' }, /does not exist on the host/],
])('%j is refused', async (args, reason) => {
  const path = join(fresh(), 'users');
  writeFileSync(path, 'ann:x\n');
  expect((await machine.plan(htpasswd, { path, ...args })).refused).toEqual([expect.stringMatching(reason)]);
});
