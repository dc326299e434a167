import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { user } from '../../../src/resources/user.ts';
import { FakeHost } from '../../helpers/resources/fake-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();

function host(home: string, shadow: string): FakeHost {
  const fake = new FakeHost(fresh(), {
    getent: `database=$1; shift; for key; do grep -E "^$key:" "$FAKE/$database"; done`,
    id: `case $1 in -Gn) echo ann ;; *) echo 1000 ;; esac`,
    useradd: ':',
    usermod: ':',
    userdel: ':',
    chage: ':',
    chown: ':',
    'ssh-keygen': `case $* in *-l*) echo '3072 SHA256:x c (RSA)' ;; esac`,
  });
  fake.write('passwd', `ann:x:1000:1000:Ann:${home}:/bin/sh\n`);
  fake.write('group', 'ann:x:1000:\n');
  fake.write('shadow', shadow);
  return fake;
}

const made = (calls: readonly string[]) =>
  calls.filter((call) => /^(chage|ssh-keygen \[-q|useradd)/.test(call));
const shadow = 'ann:!:19000:0:99999:7::20000:\n';

test.each([
  [
    'as wanted',
    shadow,
    { expires: 20_000 * 86_400 + 5, password_expire_min: 0, password_expire_max: 99_999 },
    [],
    [],
  ],
  ['another end', shadow, { expires: 86_400 }, ['expires'], ['chage [-E] [1] [--] [ann]']],
  ['no end', shadow, { expires: -1 }, ['expires'], ['chage [-E] [-1] [--] [ann]']],
  ['no end, as it is', 'ann:!:19000:0:99999:7:::\n', { expires: -1 }, [], []],
  [
    'days of the password',
    shadow,
    { password_expire_min: 3, password_expire_max: 90, password_expire_warn: 14 },
    ['password_expire_min', 'password_expire_max', 'password_expire_warn'],
    ['chage [-m] [3] [-M] [90] [-W] [14] [--] [ann]'],
  ],
])('%s', async (_what, entry, want, attributes, calls) => {
  const fake = host('/nonexistent', entry);
  const { changes } = await fake.apply(user, { name: 'ann', ...want });
  expect(changes.map(({ attribute }) => attribute)).toEqual(attributes);
  expect(made(fake.calls())).toEqual(calls);
});

test('of an account that is made', async () => {
  const fake = host('/nonexistent', '');
  const want = {
    name: 'bob',
    expires: 86_400,
    password_expire_max: 9,
    skeleton: '/etc/s',
    umask: '077',
    uid: 5,
    non_unique: true,
  };
  const { changes } = await fake.apply(user, want);
  expect(changes.map(({ attribute, to }) => `${attribute} ${to}`)).toEqual([
    'state present',
    'uid 5',
    'expires 1970-01-02',
    'password_expire_max 9',
  ]);
  expect(made(fake.calls())).toEqual([
    'useradd [-u] [5] [-o] [-k] [/etc/s] [-K] [UMASK=077] [-m] [--] [bob]',
    'chage [-M] [9] [-E] [1] [--] [bob]',
  ]);
});

test('a key for ssh is made once', async () => {
  const home = fresh();
  const fake = host(home, shadow);
  const want = { name: 'ann', generate_ssh_key: true, ssh_key_type: 'ed25519', ssh_key_comment: "a 'b'" };
  const { changes } = await fake.apply(user, want);
  expect(changes).toEqual([{ attribute: 'ssh_key', from: 'absent', to: '.ssh/id_ed25519' }]);
  expect(made(fake.calls())).toEqual([
    `ssh-keygen [-q] [-t] [ed25519] [-C] [a 'b'] [-N] [] [-f] [${home}/.ssh/id_ed25519]`,
  ]);
  mkdirSync(`${home}/.ssh`, { recursive: true });
  writeFileSync(`${home}/.ssh/id_ed25519`, '');
  writeFileSync(`${home}/.ssh/id_ed25519.pub`, 'ssh-ed25519 AAAA c\n');
  const again = await fake.apply(user, want);
  expect(again.changes).toEqual([]);
  expect(again.result).toMatchObject({
    ssh_key_file: '.ssh/id_ed25519',
    ssh_fingerprint: '3072 SHA256:x c (RSA)',
    ssh_public_key: 'ssh-ed25519 AAAA c',
  });
});

test('what other systems know is taken and does nothing', async () => {
  const fake = host('/nonexistent', shadow);
  const { refused, changes } = await fake.plan(user, { name: 'ann', login_class: 'staff', hidden: true });
  expect([refused, changes]).toEqual([[], []]);
});
