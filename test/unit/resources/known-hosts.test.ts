import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  editKnownHosts,
  hashedName,
  isAbout,
  readKnownKey,
} from '../../../src/resources/files/known-hosts.ts';
import { knownHosts } from '../../../src/resources/known-hosts.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const key = 'h1 ssh-ed25519 AAA1';
const present = { name: 'h1', key, state: 'present' } as const;
// As ssh-keygen -H made it of h1.
const hashed = '|1|uNbO8zk5pCPvYqTQLyVJ7Bf2sZw=|';

// As Ansible leaves them.
test.each([
  ['new', ['# mine'], present, ['# mine', key]],
  ['there', [key, 'h2 ssh-rsa B'], present, [key, 'h2 ssh-rsa B']],
  ['there with a comment behind it', [`${key} mine`], present, [`${key} mine`]],
  ['another key of its type', ['h1 ssh-ed25519 OLD', 'x'], present, ['x', key]],
  ['another type', ['h1 ssh-rsa B'], present, ['h1 ssh-rsa B', key]],
  ['among other names', ['h0,h1 ssh-ed25519 AAA1'], present, [key]],
  [
    'gone, whatever its keys',
    [key, 'h1 ssh-rsa B', 'x'],
    { ...present, key: undefined, state: 'absent' as const },
    ['x'],
  ],
  ['this key gone', [key, 'h1 ssh-rsa B'], { ...present, state: 'absent' as const }, ['h1 ssh-rsa B']],
])('%s', (_, before, wish, after) => expect(editKnownHosts(before, wish)).toEqual(after));

test.each([
  ['h1', true],
  ['h2', false],
  ['h*', true],
  ['h*,!h1', false],
  [hashedName('h1', Buffer.from('salt')), true],
  [hashedName('h2', Buffer.from('salt')), false],
  [`${hashed}xxxx`, false],
])('%s is about h1: %s', (hosts, about) => {
  const read = readKnownKey(`${hosts} ssh-rsa A`);
  expect(read && isAbout(read, 'h1')).toBe(about);
});

describe('on this machine', () => {
  const fresh = scratch();
  const host = new ShellHost();

  test('a key comes, hashed, once, and goes', async () => {
    const path = join(fresh(), 'known');
    const args = { name: 'H1', key, path, hash_host: true };
    const first = await host.apply(knownHosts, args);
    expect(first.result).toMatchObject({ name: 'H1', hash_host: true, state: 'present' });
    expect(readFileSync(path, 'utf8')).toMatch(/^\|1\|\S+\|\S+ ssh-ed25519 AAA1\n$/);
    expect((await host.apply(knownHosts, args)).changes).toEqual([]);
    await host.apply(knownHosts, { name: 'h1', path, state: 'absent' });
    expect(readFileSync(path, 'utf8')).toBe('');
    expect((await host.apply(knownHosts, { name: 'h1', path, state: 'absent' })).changes).toEqual([]);
  });

  test("without a path it is the user's own", async () => {
    const { have } = await host.plan(knownHosts, { name: 'h1', key });
    expect(have).toMatchObject({ target: expect.stringMatching(/^\/.*\/\.ssh\/known_hosts$/) });
  });

  test.each<[{ readonly key?: string | undefined; readonly path?: string }, string]>([
    [{ key: undefined }, 'No key specified'],
    [{ key: 'h1 ssh-rsa' }, 'not a line of known_hosts'],
    [{ key: 'h2 ssh-rsa A' }, 'Host parameter does not match'],
    [{ path: 'directory' }, 'is a directory'],
  ])('%j is refused', async (other, why) => {
    const top = fresh();
    mkdirSync(join(top, 'directory'));
    writeFileSync(join(top, 'known'), '');
    const args = { name: 'h1', key, ...other, path: join(top, other.path ?? 'known') };
    expect((await host.plan(knownHosts, args)).refused).toEqual([expect.stringContaining(why)]);
  });
});
