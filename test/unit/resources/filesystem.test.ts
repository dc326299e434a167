import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesystem } from '../../../src/resources/filesystem.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const MiB = 1024 * 1024;

// A file is a device, too.
function device(size = 16 * MiB): string {
  const file = join(fresh(), "it's");
  writeFileSync(file, '');
  truncateSync(file, size);
  return file;
}

async function reach(args: object): Promise<readonly string[]> {
  const { changes, outputs, refused } = await machine.apply(filesystem, args);
  expect(refused).toEqual([]);
  for (const { code, stderr } of outputs) expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  expect((await machine.plan(filesystem, args)).changes).toEqual([]);
  return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
}

async function kindOf(dev: string) {
  const { have } = await machine.plan(filesystem, { dev, fstype: 'ext4', force: true });
  return (have as { readonly kind: string }).kind;
}

test('a file system is made once, and never over another one unasked', async () => {
  const dev = device();
  expect(await reach({ dev, fstype: 'ext4', opts: "-L 'a b'" })).toEqual(['file system: absent -> ext4']);
  expect(await kindOf(dev)).toBe('ext4');
  expect((await machine.plan(filesystem, { dev, fstype: 'swap' })).refused).toEqual([
    `'${dev}' is already used as ext4, use force=true to overwrite`,
  ]);
  const { changes } = await machine.apply(filesystem, { dev, fstype: 'swap', force: true });
  expect(changes).toEqual([{ attribute: 'file system', from: 'ext4', to: 'swap' }]);
  expect(await kindOf(dev)).toBe('swap');
  expect(filesystem.repeats?.({ dev, fstype: 'swap', force: true })).toBe(true);
  expect(await reach({ dev, state: 'absent' })).toEqual(['file system: swap -> absent']);
});

test('it grows with its device', async () => {
  const dev = device();
  await reach({ dev, fstype: 'ext4' });
  expect(await reach({ dev, fstype: 'ext4', resizefs: true })).toEqual([]);
  truncateSync(dev, 48 * MiB);
  expect(await reach({ dev, fstype: 'ext4', resizefs: true })).toEqual([
    `size: ${16 * MiB} bytes -> ${48 * MiB} bytes`,
  ]);
});

test('it gets the UUID that is wanted, new and later', async () => {
  const dev = device();
  const one = '11111111-2222-4333-8444-555555555555';
  const other = '99999999-2222-4333-8444-555555555555';
  await reach({ dev, fstype: 'ext4', uuid: one });
  expect(await reach({ dev, fstype: 'ext4', uuid: other })).toEqual([`uuid: ${one} -> ${other}`]);
});

test('what cannot be is refused', async () => {
  const dev = device();
  const said = async (args: object) => (await machine.plan(filesystem, { dev, ...args })).refused;
  expect(await said({ dev: '/nowhere', fstype: 'ext4' })).toEqual(['Device /nowhere not found.']);
  expect(await said({})).toEqual(['state is present but all of the following are missing: fstype']);
  await reach({ dev, fstype: 'swap' });
  expect(await said({ fstype: 'swap', resizefs: true })).toEqual([
    'module does not support resizing swap filesystem yet',
  ]);
});
