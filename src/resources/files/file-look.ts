import type { Answer } from '../../probes/answer.ts';
import { ProbeError } from '../../probes/probe-error.ts';

/** What stat tells of one path. */
export interface FileLook {
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

const absent: FileLook = {
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
const kinds: Readonly<Record<number, FileLook['kind']>> = {
  12: 'socket',
  10: 'link',
  8: 'file',
  6: 'block',
  4: 'directory',
  2: 'character',
  1: 'fifo',
};

const format = '%f %u %g %s %h %i %d %X %Y %Z %U\t%G';

/** Shell function `provision_look KEY PATH [-L]`: one line of an answer about a path, whatever is there. */
export const lookFunction = `provision_look() {
  if provision_out=$(LC_ALL=C stat $3 -c '${format}' -- "$2" 2>&1); then
    printf '%s stat %s\\n' "$1" "$provision_out"
  else
    printf '%s error %s\\n' "$1" "$(printf '%s' "$provision_out" | tr '\\n' ' ')"
  fi
}`;

/** Reads a line that \`provision_look\` printed. */
export function readLook(answer: Answer, key: string): FileLook {
  const line = answer.need(key);
  if (line.startsWith('error ')) {
    if (/No such file or directory|Not a directory|Too many levels/.test(line)) return absent;
    throw new ProbeError(`cannot look: ${line.slice(6).trim()}`);
  }
  const [, raw, uid, gid, size, links, inode, device, accessed, modified, changed, ...names] =
    line.split(' ');
  const [owner = '', group = ''] = names.join(' ').split('\t');
  const bits = Number.parseInt(raw ?? '', 16);
  const kind = kinds[bits >> 12];
  if (!kind || !group) throw new ProbeError(`the host's answer makes no sense: ${JSON.stringify(line)}`);
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
