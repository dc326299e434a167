import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKeyLine, withKeys } from '../../../src/resources/accounts/key-lines.ts';
import { authorizedKey } from '../../../src/resources/authorized-key.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const a = { options: '', type: 'ssh-ed25519', key: 'AAAAa', comment: 'a@x' };
const line = 'ssh-ed25519 AAAAa a@x';

describe('lines', () => {
  test.each([
    [line, a],
    [
      'from="1.2.3.4",command="say \\"a b\\"" ssh-rsa AAAAb',
      { options: 'from="1.2.3.4",command="say \\"a b\\""', type: 'ssh-rsa', key: 'AAAAb', comment: '' },
    ],
    ['ssh-rsa AAAAc the  key of c', { options: '', type: 'ssh-rsa', key: 'AAAAc', comment: 'the  key of c' }],
    ['# ssh-rsa AAAAb', undefined],
    ['ssh-rsa', undefined],
    ['no key at all', undefined],
  ])('%s', (text, expected) => expect(readKeyLine(text)).toEqual(expected));

  test.each([
    ['added', ['# c'], 'present', false, ['# c', line]],
    ['there', [line], 'present', false, [line]],
    ['another comment', ['ssh-ed25519 AAAAa old'], 'present', false, [line]],
    ['alone', ['# c', 'ssh-rsa AAAAz z'], 'present', true, ['# c', line]],
    ['gone', ['ssh-ed25519 AAAAa old', 'ssh-rsa AAAAz z'], 'absent', false, ['ssh-rsa AAAAz z']],
  ] as const)('%s', (_, lines, state, exclusive, expected) =>
    expect(withKeys(lines, [a], state, exclusive)).toEqual(expected),
  );
});

describe('on this machine', () => {
  const fresh = scratch();
  const host = new ShellHost();
  const user = userInfo().username;

  test('a key is put into a file of its own directory, and once is enough', async () => {
    const path = join(fresh(), '.ssh/authorized_keys');
    const args = { user, key: `${line}\n`, path };
    expect((await host.apply(authorizedKey, args)).changes).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).toBe(`${line}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect((await host.apply(authorizedKey, args)).changes).toEqual([]);
    expect((await host.apply(authorizedKey, { ...args, state: 'absent' })).changes).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('a link is followed only where that is wanted', async () => {
    const directory = fresh();
    mkdirSync(join(directory, 'real'));
    writeFileSync(join(directory, 'real/keys'), '');
    symlinkSync('real/keys', join(directory, 'keys'));
    const args = { user, key: line, path: join(directory, 'keys') };
    expect((await host.plan(authorizedKey, args)).refused).toEqual([expect.stringContaining('is a link')]);
    await host.apply(authorizedKey, { ...args, follow: true });
    expect(readFileSync(join(directory, 'real/keys'), 'utf8')).toBe(`${line}\n`);
  });

  test.each([
    [{ user, key: 'nonsense' }, 'invalid key specified: nonsense'],
    [{ user: 'nobody-has-this', key: line }, 'there is no user nobody-has-this on the host'],
  ])('%j is refused', async (args, reason) => {
    expect((await host.plan(authorizedKey, args)).refused).toEqual([reason]);
  });
});
