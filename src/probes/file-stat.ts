/** What stat says of one path. */
export interface FileStat {
  readonly kind: 'absent' | 'file' | 'directory' | 'link' | 'character' | 'block' | 'fifo' | 'socket';
  /** Permission bits with setuid, setgid and sticky; 0 when absent. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  readonly links: number;
  readonly inode: number;
  readonly device: number;
  /** Seconds since 1970. */
  readonly accessed: number;
  readonly modified: number;
  readonly statusChanged: number;
}

/** What stands for a path where nothing is. */
export const absentStat: FileStat = {
  kind: 'absent',
  mode: 0,
  uid: -1,
  gid: -1,
  owner: '',
  group: '',
  size: 0,
  links: 0,
  inode: 0,
  device: 0,
  accessed: 0,
  modified: 0,
  statusChanged: 0,
};

// The four bits above the permissions.
const kinds: Readonly<Record<number, FileStat['kind']>> = {
  12: 'socket',
  10: 'link',
  8: 'file',
  6: 'block',
  4: 'directory',
  2: 'character',
  1: 'fifo',
};

/** What stat is asked to print of a path: the names of owner and group, which may hold spaces, come last. */
export const statFormat = '%f %u %g %s %h %i %d %X %Y %Z %U\t%G';

/** Whether a message of stat (LC_ALL=C) says that there is nothing, not that one may not see it. */
export function saysAbsent(message: string): boolean {
  return /No such file or directory|Not a directory|Too many levels/.test(message);
}

/** Reads what stat printed in `statFormat`; undefined when it makes no sense. */
export function readStatLine(line: string): FileStat | undefined {
  const [raw, uid, gid, size, links, inode, device, accessed, modified, changed, ...names] = line.split(' ');
  const [owner = '', group = ''] = names.join(' ').split('\t');
  const bits = Number.parseInt(raw ?? '', 16);
  const kind = kinds[bits >> 12];
  if (!kind || !group) return undefined;
  return {
    kind,
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    owner,
    group,
    size: Number(size),
    links: Number(links),
    inode: Number(inode),
    device: Number(device),
    accessed: Number(accessed),
    modified: Number(modified),
    statusChanged: Number(changed),
  };
}
