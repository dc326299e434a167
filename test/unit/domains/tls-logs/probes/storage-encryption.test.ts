import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  readStorageEncryption,
  storageEncryptionScript,
} from '../../../../../src/domains/tls-logs/probes/storage-encryption.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { shells } from '../../../../helpers/shell/shells.ts';

const fresh = scratch();

interface Machine {
  /** /proc/mounts, in which DIR is the directory. */
  readonly mounts: string;
  /** uuid of device mapper and devices below, by name. */
  readonly devices?: Readonly<Record<string, { readonly uuid?: string; readonly below?: readonly string[] }>>;
  /** Where links of /dev/mapper lead. */
  readonly mapper?: string;
  readonly zfs?: string;
  readonly flags?: string;
}

/** What the script says of a machine whose mount table and /sys lie in a directory. */
async function encryptionOf(machine: Machine, shell = shells[0], asked = 'logs'): Promise<string> {
  const top = fresh();
  const directory = join(top, 'logs');
  mkdirSync(directory);
  const mounts = join(top, 'mounts');
  writeFileSync(mounts, machine.mounts.replaceAll('DIR', directory));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [name, { uuid, below = [] }] of Object.entries(machine.devices ?? {})) {
    if (uuid !== undefined) put(join(top, 'block', name, 'dm/uuid'), `${uuid}\n`);
    for (const one of below) {
      mkdirSync(join(top, 'block', name, 'slaves'), { recursive: true });
      symlinkSync('/', join(top, 'block', name, 'slaves', one));
    }
  }
  const functions = `readlink() { echo '${machine.mapper ?? ''}'; }
zfs() { echo '${machine.zfs ?? ''}'; }
lsattr() { echo '${machine.flags ?? '--------------'} x'; }`;
  const script = storageEncryptionScript(join(top, asked))
    .replaceAll('/proc/mounts', mounts)
    .replaceAll('/sys/class/block', join(top, 'block'));
  const host = new ShellHost(shell, {}, functions);
  return (await host.run(`${script}\necho "$encryption"`)).stdout.trim();
}

const root = '/dev/sda1 / ext4 rw 0 0\n';
const luks = { 'dm-0': { uuid: 'CRYPT-LUKS2-0123-logs' } };

describe('how a directory is encrypted', () => {
  test.each<[string, Machine, string]>([
    ['an ordinary disk', { mounts: root }, 'none'],
    [
      'LUKS',
      { mounts: `${root}/dev/mapper/logs DIR ext4 rw 0 0\n`, mapper: '/dev/dm-0', devices: luks },
      'luks',
    ],
    ['LUKS of all, by its own name', { mounts: '/dev/dm-0 / ext4 rw 0 0\n', devices: luks }, 'luks'],
    [
      'LVM on RAID on LUKS',
      {
        mounts: '/dev/mapper/vg-root / xfs rw 0 0\n',
        mapper: '/dev/dm-2',
        devices: { 'dm-2': { uuid: 'LVM-abc', below: ['md0'] }, md0: { below: ['sdb1', 'dm-0'] }, ...luks },
      },
      'luks',
    ],
    [
      'LVM',
      {
        mounts: '/dev/mapper/vg-root / xfs rw 0 0\n',
        mapper: '/dev/dm-2',
        devices: { 'dm-2': { uuid: 'LVM-abc' } },
      },
      'none',
    ],
    [
      'plain dm-crypt',
      {
        mounts: '/dev/mapper/x / ext4 rw 0 0\n',
        mapper: '/dev/dm-0',
        devices: { 'dm-0': { uuid: 'CRYPT-PLAIN-x' } },
      },
      'dm-crypt',
    ],
    ['fscrypt', { mounts: root, flags: '----E---------' }, 'fscrypt'],
    ['another flag', { mounts: root, flags: '--------------e-------' }, 'none'],
    [
      'a flag E of a file system without fscrypt',
      { mounts: '/dev/sda1 / xfs rw 0 0\n', flags: '----E---------' },
      'none',
    ],
    ['ZFS', { mounts: `${root}tank/logs DIR zfs rw 0 0\n`, zfs: 'aes-256-gcm' }, 'zfs'],
    ['ZFS in the clear', { mounts: `${root}tank/logs DIR zfs rw 0 0\n`, zfs: 'off' }, 'none'],
    ['gocryptfs', { mounts: `${root}/srv/cipher DIR fuse.gocryptfs rw 0 0\n` }, 'gocryptfs'],
    ['gocryptfs beside it', { mounts: `${root}/srv/cipher DIRECTORY fuse.gocryptfs rw 0 0\n` }, 'none'],
    [
      'what was mounted over it counts',
      { mounts: `${root}/srv/c DIR fuse.gocryptfs rw 0 0\ntmpfs DIR tmpfs rw 0 0\n` },
      'none',
    ],
    ['eCryptfs', { mounts: `${root}/home/.x DIR ecryptfs rw 0 0\n` }, 'ecryptfs'],
  ])('%s', async (_what, machine, expected) => {
    expect(await encryptionOf(machine)).toBe(expected);
  });

  test.each(shells)('in %s, of a directory that is not there yet', async (command, ...args) => {
    const machine = { mounts: `${root}/srv/cipher DIR fuse.gocryptfs rw 0 0\n` };
    expect(await encryptionOf(machine, [command, ...args], 'logs/h2/deeper')).toBe('gocryptfs');
  });

  test('what a host makes up is none', () => {
    expect(['luks', 'safe', ''].map(readStorageEncryption)).toEqual(['luks', 'none', 'none']);
  });
});
