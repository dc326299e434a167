import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withEntry, withoutEntry } from '../../../src/resources/files/fstab.ts';
import { mount } from '../../../src/resources/mount.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const data = { src: 'UUID=1', path: '/data', fstype: 'ext4', opts: 'noatime', dump: '0', passno: '2' };
const line = 'UUID=1 /data ext4 noatime 0 2';

describe('fstab', () => {
  test.each([
    ['new', ['# mine'], ['# mine', line]],
    ['there, in other spaces', ['UUID=1\t/data   ext4 noatime 0 2'], ['UUID=1\t/data   ext4 noatime 0 2']],
    ['other options', ['UUID=1 /data ext4 defaults', 'x /y z'], [line, 'x /y z']],
  ])('%s', (_, before, after) => expect(withEntry(before, data)).toEqual(after));

  test('swap goes by its source', () => {
    const swaps = ['/a none swap sw 0 0', '/b none swap sw 0 0'];
    expect(withoutEntry(swaps, { path: 'none', src: '/b' })).toEqual(swaps.slice(0, 1));
  });
});

describe('on this machine', () => {
  const fresh = scratch();
  const host = new ShellHost();

  test('an entry comes and goes, and once is enough', async () => {
    const fstab = join(fresh(), 'fstab');
    writeFileSync(fstab, '# mine\n');
    const args = {
      path: '/no such place',
      src: '//server/a b',
      fstype: 'cifs',
      opts: 'ro',
      fstab,
      boot: false,
    };
    expect((await host.apply(mount, { ...args, state: 'present' })).changes).toHaveLength(1);
    expect(readFileSync(fstab, 'utf8')).toBe(
      '# mine\n//server/a\\040b /no\\040such\\040place cifs ro,noauto 0 0\n',
    );
    expect((await host.apply(mount, { ...args, state: 'present' })).changes).toEqual([]);
    expect((await host.apply(mount, { path: args.path, fstab, state: 'absent' })).changes).toHaveLength(1);
    expect(readFileSync(fstab, 'utf8')).toBe('# mine\n');
  });

  test('what is mounted is known', async () => {
    const fstab = join(fresh(), 'fstab');
    const { changes } = await host.plan(mount, { path: '/proc', state: 'unmounted', fstab });
    expect(changes).toEqual([{ attribute: 'state', from: 'mounted', to: 'absent' }]);
    const gone = await host.plan(mount, { path: '/no such place', state: 'unmounted', fstab });
    expect(gone.changes).toEqual([]);
  });

  test.each([
    ['mounted', ['mkdir -p -- /no/place || exit 1', 'mount -T FSTAB /no/place || exit 1']],
    [
      'ephemeral',
      ['mkdir -p -- /no/place || exit 1', 'mount -t tmpfs -o size=1m -- tmpfs /no/place || exit 1'],
    ],
  ])('%s mounts', async (state, lines) => {
    const fstab = join(fresh(), 'fstab');
    const wanted = { path: '/no/place', src: 'tmpfs', fstype: 'tmpfs', opts: 'size=1m', state, fstab };
    const { args, changes, have } = await host.plan(mount, wanted);
    const last = mount.steps(args as never, changes, have as never).at(-1);
    expect(last).toEqual({ kind: 'script', script: lines.join('\n').replace('FSTAB', fstab) });
  });

  test.each([
    [{ path: '/x', state: 'mounted', src: 'y' }, 'state: mounted needs fstype'],
    [{ path: '/no such place', state: 'remounted' }, '/no such place is not mounted'],
  ])('%j is refused', async (args, reason) => {
    const fstab = join(fresh(), 'fstab');
    expect((await host.plan(mount, { ...args, fstab })).refused).toEqual([reason]);
  });
});
