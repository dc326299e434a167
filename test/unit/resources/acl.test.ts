import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acl } from '../../../src/resources/acl.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// What they print of a file `f` is kept in files: its rights, and what is run to change them.
function standIns(directory: string) {
  const setfacl = `case $1 in
--test) cat "$FAKE/try" ;;
*) printf '%s ' "$@" >>"$FAKE/ran"; echo 'f: *,*' >"$FAKE/try" ;;
esac`;
  return hostWith(join(directory, 'bin'), { setfacl, getfacl: 'cat "$FAKE/acl"' }, { FAKE: directory });
}

function prepare() {
  const directory = fresh();
  mkdirSync(join(directory, "it's"));
  writeFileSync(join(directory, 'acl'), 'user::rw-\nuser:joe:r--\ngroup::r--\n\n');
  writeFileSync(join(directory, 'try'), 'f: u::rw-,u:joe:rw-,g::r--,m::rw-,*\n');
  const ran = () => {
    const file = join(directory, 'ran');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  };
  return { path: join(directory, "it's"), host: standIns(directory), ran };
}

test.each([
  [
    { etype: 'user', entity: 'joe', permissions: 'rw', state: 'present' },
    'user:joe: r-- -> rw',
    '-m user:joe:rw',
  ],
  [
    { etype: 'group', entity: 'adm', permissions: 'r', state: 'present' },
    'group:adm: absent -> r',
    '-m group:adm:r',
  ],
  [{ etype: 'user', entity: 'joe', state: 'absent' }, 'user:joe: r-- -> absent', '-x user:joe'],
  [{ entry: 'u:joe:rwx', state: 'present' }, 'user:joe: r-- -> rwx', '-m user:joe:rwx'],
  [
    { entry: 'default:group:adm:rx', state: 'present' },
    'default:group:adm: absent -> rx',
    '-d -m group:adm:rx',
  ],
  [
    { etype: 'user', entity: 'joe', permissions: 'r', state: 'present', recursive: true, follow: false },
    'user:joe: r-- -> r',
    '-m user:joe:r --recursive --physical',
  ],
  [
    { etype: 'other', permissions: 'r', state: 'present', recalculate_mask: 'no_mask', default: true },
    'default:other:: absent -> r',
    '-d -m other::r --no-mask',
  ],
])('%j', async (args, change, words) => {
  const { path, host, ran } = prepare();
  const { changes, outputs } = await host.apply(acl, { path, ...args });
  expect(changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`)).toEqual([change]);
  expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
  expect(ran()).toBe(`${words} -- ${path}`);
  expect((await host.plan(acl, { path, ...args })).changes).toEqual([]);
});

test('rights are read, and registered as Ansible has them', async () => {
  const { path, host } = prepare();
  const { changes, result } = await host.apply(acl, { path });
  expect(changes).toEqual([]);
  expect(result).toEqual({ acl: ['user::rw-', 'user:joe:r--', 'group::r--'], msg: 'current acl' });
});

test.each([
  [{ state: 'present' }, "'etype' MUST be set when 'state=present'."],
  [{ state: 'absent', etype: 'user' }, "'entity' MUST be set when 'state=absent'."],
  [
    { state: 'absent', etype: 'user', entity: 'joe', permissions: 'r' },
    "'permissions' MUST NOT be set when 'state=absent'.",
  ],
  [
    { state: 'present', entry: 'user:joe:r', etype: 'user' },
    "'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set.",
  ],
  [
    { state: 'present', entry: 'user:joe' },
    "'entry' MUST have 3 or 4 sections divided by ':' when 'state=present'.",
  ],
  [{ recursive: true }, "'recursive' MUST NOT be set when 'state=query'."],
  [{ use_nfsv4_acls: true }, 'use_nfsv4_acls is not supported: leave it out'],
])('%j is refused', async (args, reason) => {
  const { path, host } = prepare();
  expect((await host.plan(acl, { path, ...args })).refused).toEqual([reason]);
});

test('a path that is missing is refused', async () => {
  const { path, host } = prepare();
  const { refused } = await host.plan(acl, { path: `${path}/none` });
  expect(refused).toEqual([`${path}/none does not exist on the host`]);
});
