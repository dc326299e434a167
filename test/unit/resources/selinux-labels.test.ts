import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { copy } from '../../../src/resources/copy.ts';
import { file } from '../../../src/resources/file.ts';
import { ping } from '../../../src/resources/ping.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { withSelinuxLabels } from '../../../src/resources/selinux-labels.ts';
import { user } from '../../../src/resources/user.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const labels = { seuser: 'system_u', serole: 'object_r', setype: 'etc_t', selevel: 's0' };

test('labels mean nothing on a host without SELinux', async () => {
  const directory = fresh();
  const guarded = withSelinuxLabels(copy, `${directory}/enforce`) as AnyHostResource;
  const args = { dest: `${directory}/a`, content: 'x', ...labels };
  expect((await machine.apply(guarded, args)).changes).toHaveLength(1);
  expect((await machine.apply(guarded, args)).changes).toEqual([]);
});

test('a host with SELinux is named, and nothing is changed there', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/enforce`, '0');
  const guarded = withSelinuxLabels(file, `${directory}/enforce`) as AnyHostResource;
  const args = { path: `${directory}/a`, state: 'touch', setype: 'etc_t' };
  await expect(machine.apply(guarded, args)).rejects.toThrow(
    /^setype: the host has SELinux, and labels are not set by this resource; leave them out/,
  );
  expect(existsSync(`${directory}/a`)).toBe(false);
  const plain = { path: `${directory}/a`, state: 'touch' };
  expect((await machine.apply(guarded, plain)).changes).not.toEqual([]);
});

test('only where a label is given the host is asked', () => {
  const guarded = withSelinuxLabels(file) as AnyHostResource;
  const count = (want: object) => guarded.probe(want, { contents: false }).asks.length;
  expect(count({ path: '/a', setype: 'etc_t' }) - count({ path: '/a' })).toBe(1);
});

test('other resources stay as they are, also one whose seuser means something else', () => {
  expect(withSelinuxLabels(user)).toBe(user);
  expect(withSelinuxLabels(ping)).toBe(ping);
});
