import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { group } from '../../../src/resources/group.ts';
import { user } from '../../../src/resources/user.ts';
import { FakeHost } from '../../helpers/resources/fake-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, probeScript } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();

interface Entries {
  readonly passwd?: string;
  readonly shadow?: string;
  readonly groups?: string;
}

// getent and id answer from files, getent by name or number; the tools only write down what they were asked.
function host({ passwd = '', shadow = '', groups = 'ann' }: Entries = {}): FakeHost {
  const fake = new FakeHost(fresh(), {
    getent: `database=$1; shift; for key; do grep -E "^$key:|^[^:]*:[^:]*:$key:" "$FAKE/$database"; done`,
    id: `case $1 in -Gn) cat "$FAKE/groups" ;; esac`,
    useradd: ':',
    usermod: ':',
    userdel: ':',
    groupadd: ':',
    groupmod: ':',
    groupdel: ':',
    chpasswd: 'cat >"$FAKE/chpasswd"',
  });
  fake.write('passwd', passwd);
  fake.write('shadow', shadow);
  fake.write('group', 'adm:x:4:\nann:x:1000:\n');
  fake.write('groups', groups);
  return fake;
}

const ann = { passwd: 'ann:x:1000:1000:Ann:/nonexistent:/bin/sh\n' };
const made = (calls: readonly string[]) =>
  calls.filter((call) => /^(user|group)(add|mod|del)|^chpasswd/.test(call));

test.each([
  [{ name: 'log' }, ['state'], ['groupadd [--] [log]']],
  [{ name: 'log', gid: 7, system: true }, ['state', 'gid'], ['groupadd [-r] [-g] [7] [--] [log]']],
  [{ name: 'adm', gid: 4 }, [], []],
  [{ name: 'adm', gid: 5 }, ['gid'], ['groupmod [-g] [5] [--] [adm]']],
  [{ name: 'adm', state: 'absent' }, ['state'], ['groupdel [--] [adm]']],
  [{ name: 'log', state: 'absent' }, [], []],
])('group %j', async (value, attributes, calls) => {
  const fake = host();
  const { changes, outputs } = await fake.apply(group, value);
  expect(changes.map(({ attribute }) => attribute)).toEqual(attributes);
  expect(made(fake.calls())).toEqual(calls);
  expect(outputs.every(({ code }) => code === 0)).toBe(true);
});

test.each([
  ['a new user', {}, { name: 'bob' }, ['useradd [-m] [--] [bob]']],
  [
    'a new user with all',
    {},
    {
      name: 'bob',
      uid: 2000,
      group: 'adm',
      groups: 'sudo, log',
      comment: "Bob's $(id)",
      shell: '/bin/sh',
      home: '/srv/b b',
      create_home: false,
      system: true,
    },
    [
      "useradd [-u] [2000] [-g] [adm] [-G] [log,sudo] [-c] [Bob's $(id)] [-s] [/bin/sh] [-d] [/srv/b b] [-M] [-r] [--] [bob]",
    ],
  ],
  ['a new user whose group is there already', {}, { name: 'adm' }, ['useradd [-g] [adm] [-m] [--] [adm]']],
  ['a user as wanted', ann, { name: 'ann', uid: 1000, group: 'ann', shell: '/bin/sh', comment: 'Ann' }, []],
  ['another shell', ann, { name: 'ann', shell: '/bin/bash' }, ['usermod [-s] [/bin/bash] [--] [ann]']],
  [
    'another home, moved',
    ann,
    { name: 'ann', home: '/srv/ann', move_home: true },
    ['usermod [-d] [/srv/ann] [-m] [--] [ann]'],
  ],
  [
    'more groups',
    { ...ann, groups: 'ann adm' },
    { name: 'ann', groups: ['log'], append: true },
    ['usermod [-G] [adm,log] [--] [ann]'],
  ],
  [
    'other groups',
    { ...ann, groups: 'ann adm' },
    { name: 'ann', groups: ['log'] },
    ['usermod [-G] [log] [--] [ann]'],
  ],
  ['no groups', { ...ann, groups: 'ann adm' }, { name: 'ann', groups: [] }, ['usermod [-G] [] [--] [ann]']],
  ['groups as wanted', { ...ann, groups: 'ann adm log' }, { name: 'ann', groups: 'log,adm' }, []],
  [
    'groups that it is in',
    { ...ann, groups: 'ann adm log' },
    { name: 'ann', groups: ['log'], append: true },
    [],
  ],
  [
    'gone',
    ann,
    { name: 'ann', state: 'absent', remove: true, force: true },
    ['userdel [-f] [-r] [--] [ann]'],
  ],
  ['gone already', {}, { name: 'bob', state: 'absent' }, []],
])('user: %s', async (_name, entries: Entries, value: object, calls) => {
  const fake = host(entries);
  const { changes, outputs, refused } = await fake.apply(user, value);
  expect(refused).toEqual([]);
  expect(made(fake.calls())).toEqual(calls);
  expect(changes.length > 0).toBe(calls.length > 0);
  expect(outputs.every(({ code }) => code === 0)).toBe(true);
});

const hash = '$6$salt$it/s.a.hash';

test('a password goes to chpasswd over its input, and its hash never comes back', async () => {
  const fake = host({ ...ann, shadow: 'ann:$6$old$hash:1:::::\n' });
  const probe = await fake.run(
    probeScript(user.probe(prepared(user, { name: 'ann', password: hash }) as never, { contents: true })),
  );
  expect(probe.stdout).not.toContain('$6$');
  const { changes } = await fake.apply(user, { name: 'ann', password: hash });
  expect(changes).toEqual([{ attribute: 'password', from: 'another', to: 'set' }]);
  expect(fake.read('chpasswd')).toBe(`ann:${hash}\n`);
  const calls = fake.calls();
  expect(calls.join()).not.toContain('$6$');
  expect(calls).toContain('chpasswd [-e]');
});

test.each([
  ['the same', `ann:${hash}:1:::::`, { password: hash }, []],
  ['the same but locked', `ann:!${hash}:1:::::`, { password: hash }, []],
  ['another one, left', 'ann:x:1:::::', { password: hash, update_password: 'on_create' }, []],
  ['to be locked', `ann:${hash}:1:::::`, { password_lock: true }, ['usermod [-L] [--] [ann]']],
  ['locked already', `ann:!${hash}:1:::::`, { password_lock: true }, []],
  ['to be unlocked', `ann:!${hash}:1:::::`, { password_lock: false }, ['usermod [-U] [--] [ann]']],
])('a password that is %s', async (_name, shadow, value, calls) => {
  const fake = host({ ...ann, shadow: `${shadow}\n` });
  await fake.apply(user, { name: 'ann', ...value });
  expect(made(fake.calls())).toEqual(calls);
});

test('a home that is missing is made only when asked for', async () => {
  const directory = fresh();
  const fake = host({ passwd: `ann:x:1000:1000:Ann:${directory}/home/ann:/bin/sh\n` });
  expect((await fake.plan(user, { name: 'ann' })).changes).toEqual([]);
  expect((await fake.plan(user, { name: 'ann', create_home: true })).changes).toEqual([
    { attribute: 'home', from: 'missing', to: `${directory}/home/ann` },
  ]);
  mkdirSync(`${directory}/home/ann`, { recursive: true });
  expect((await fake.plan(user, { name: 'ann', create_home: true })).changes).toEqual([]);
});

test.each([
  [group, { name: '-rf' }, /name/],
  [group, { name: 'a b' }, /name/],
  [user, { name: 'a:b' }, /name/],
  [user, { name: 'a', comment: 'x:y' }, /comment/],
  [user, { name: 'a', shell: 'sh' }, /shell/],
])('$name refuses %j', (resource, value, message) => {
  expect(() => prepared(resource, value)).toThrow(message);
});
