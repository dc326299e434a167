import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sysctl } from '../../../src/resources/sysctl.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const host = new ShellHost();

// The kernel of this machine is left alone: nothing is reloaded.
test.each([
  ['new', '# mine\n', { value: 1 }, '# mine\nvm.swappiness=1\n'],
  ['other', 'vm.swappiness = 60\nx=1\n', { value: '1' }, 'vm.swappiness=1\nx=1\n'],
  ['a comment is none', '#vm.swappiness=1\n', { value: '1' }, '#vm.swappiness=1\nvm.swappiness=1\n'],
  ['true is 1', '', { value: true }, 'vm.swappiness=1\n'],
  ['gone', 'a=1\nvm.swappiness = 60\n', { state: 'absent' }, 'a=1\n'],
])('%s', async (_, before, more, after) => {
  const sysctl_file = join(fresh(), 'f.conf');
  writeFileSync(sysctl_file, before);
  const args = { name: 'vm.swappiness', sysctl_file, reload: false, ...more };
  expect((await host.apply(sysctl, args)).changes).toHaveLength(1);
  expect(readFileSync(sysctl_file, 'utf8')).toBe(after);
  expect((await host.apply(sysctl, args)).changes).toEqual([]);
});

test('what is so already is left alone, in whatever spaces', async () => {
  const sysctl_file = join(fresh(), 'f.conf');
  writeFileSync(sysctl_file, 'net.ipv4.tcp_rmem = 4096   87380\t6291456\n');
  const args = { name: 'net.ipv4.tcp_rmem', value: '4096 87380 6291456', sysctl_file };
  expect((await host.plan(sysctl, args)).changes).toEqual([]);
});

test('the running kernel is asked and set with sysctl_set', async () => {
  const sysctl_file = join(fresh(), 'f.conf');
  const running = readFileSync('/proc/sys/kernel/ostype', 'utf8').trim();
  writeFileSync(sysctl_file, `kernel.ostype=${running}\n`);
  const args = { name: 'kernel.ostype', value: running, sysctl_file, sysctl_set: true };
  expect((await host.plan(sysctl, args)).changes).toEqual([]);
  const other = { ...args, value: 'Plan9' };
  const { args: want, have, changes } = await host.plan(sysctl, other);
  expect(changes).toContainEqual({ attribute: 'value', from: running, to: 'Plan9' });
  const scripts = sysctl.steps(want as never, changes, have as never);
  expect(JSON.stringify(scripts.at(-1))).toContain('sysctl -w kernel.ostype=Plan9');
  expect(JSON.stringify(scripts.at(-1))).toContain('sysctl -p');
});

test('a value is needed', async () => {
  const { refused } = await host.plan(sysctl, { name: 'a.b', sysctl_file: join(fresh(), 'f') });
  expect(refused).toEqual(['value is needed']);
});
