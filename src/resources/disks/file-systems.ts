import { quote } from '../../shell/quote.ts';

/** How one kind of file system is made and altered. */
export interface FileSystemKind {
  /** The words before options and the device. */
  readonly make: readonly string[];
  /** Further words that make it over what is there. */
  readonly over?: readonly string[];
  /** Words that give a new one its UUID. */
  uuid?(uuid: string): readonly string[];
  /** sh code that prints the bytes it takes of `$provision_dev`. */
  readonly size?: string;
  /** sh code that grows it; `$provision_dev`, and where it is mounted `$provision_mount`. */
  readonly grow?: string;
  /** It grows only while it is mounted. */
  readonly mounted?: true;
  /** sh code that gives one that is there another UUID. */
  newUuid?(uuid: string): string;
}

const device = '"$provision_dev"';

function ext(name: string): FileSystemKind {
  return {
    make: [`mkfs.${name}`, '-F'],
    uuid: (uuid) => ['-U', uuid],
    size: `dumpe2fs -h ${device} 2>/dev/null | awk -F: '/^Block count/ { count = $2 } /^Block size/ { size = $2 } END { printf "%.0f\\n", count * size }'`,
    // It wants to be checked first unless it is mounted.
    grow: `{ [ -n "$provision_mount" ] || e2fsck -f -p ${device} >/dev/null || [ $? -le 1 ]; } && resize2fs ${device}`,
    newUuid: (uuid) => `tune2fs -U ${quote(uuid)} ${device}`,
  };
}

/** Kinds by the names that Ansible has for them; blkid has others for lvm and vfat alike. */
export const fileSystems: Readonly<Record<string, FileSystemKind>> = {
  ext2: ext('ext2'),
  ext3: ext('ext3'),
  ext4: ext('ext4'),
  ext4dev: ext('ext4'),
  xfs: {
    make: ['mkfs.xfs', '-f'],
    uuid: (uuid) => ['-m', `uuid=${uuid}`],
    mounted: true,
    size: `xfs_info "$provision_mount" 2>/dev/null | awk '/^data/ { for (i = 1; i <= NF; i++) { if ($i ~ /^bsize=/) { split($i, a, "="); size = a[2] } if ($i ~ /^blocks=/) { split($i, b, "="); count = b[2] } } } END { printf "%.0f\\n", count * size }'`,
    grow: 'xfs_growfs "$provision_mount"',
    newUuid: (uuid) => `xfs_admin -U ${quote(uuid)} ${device}`,
  },
  btrfs: {
    make: ['mkfs.btrfs', '-f'],
    uuid: (uuid) => ['-U', uuid],
    mounted: true,
    size: `btrfs filesystem show --raw "$provision_mount" 2>/dev/null | awk '/devid/ { sum += $4 } END { printf "%.0f\\n", sum }'`,
    grow: 'btrfs filesystem resize max "$provision_mount"',
    newUuid: (uuid) => `btrfstune -f -U ${quote(uuid)} ${device}`,
  },
  swap: {
    make: ['mkswap'],
    over: ['-f'],
    uuid: (uuid) => ['-U', uuid],
    newUuid: (uuid) => `swaplabel -U ${quote(uuid)} ${device}`,
  },
  vfat: { make: ['mkfs.vfat'] },
  f2fs: { make: ['mkfs.f2fs'], over: ['-f'] },
  ocfs2: { make: ['mkfs.ocfs2', '-Fx'] },
  reiserfs: { make: ['mkfs.reiserfs', '-q'] },
  bcachefs: { make: ['bcachefs', 'format'], over: ['--force'], uuid: (uuid) => ['--uuid', uuid] },
  ufs: { make: ['newfs'] },
  lvm: {
    make: ['pvcreate', '-f'],
    uuid: (uuid) => ['--norestorefile', '--uuid', uuid],
    size: `pvs --noheadings --nosuffix --units b -o pv_size ${device} 2>/dev/null | tr -d ' '`,
    grow: `pvresize ${device}`,
    newUuid: () => `pvchange -u ${device}`,
  },
};

/** The name that blkid has for a kind. */
export function probedKind(kind: string): string {
  return kind === 'lvm' ? 'LVM2_member' : kind === 'ext4dev' ? 'ext4' : kind;
}
