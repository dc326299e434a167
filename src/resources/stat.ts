import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { FileLook } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { sumNames } from '../probes/path-question.ts';
import { asking } from '../probes/probe.ts';
import { hostPath } from './argument-schemas.ts';
import { modeText } from './files/file-mode.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('what to look at'),
    follow: Type.Optional(Type.Boolean({ default: false, description: 'look at what a link points to' })),
    get_checksum: Type.Optional(
      Type.Boolean({ default: true, description: 'give the checksum of a regular file' }),
    ),
    checksum_algorithm: Type.Optional(
      Type.Enum([...sumNames], { default: 'sha1', description: 'how the checksum is made' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly look: FileLook;
  readonly checksum: string | undefined;
  readonly points: string | undefined;
  readonly leads: string | undefined;
  /** Letters r, w and x that the connection's user may. */
  readonly may: string;
}

function details(
  { look, checksum, points, leads, may }: State,
  path: string,
): { readonly [key: string]: Json } {
  const bit = (mask: number) => (look.mode & mask) !== 0;
  return {
    exists: true,
    path,
    mode: modeText(look.mode),
    isreg: look.kind === 'file',
    isdir: look.kind === 'directory',
    islnk: look.kind === 'link',
    ischr: look.kind === 'character',
    isblk: look.kind === 'block',
    isfifo: look.kind === 'fifo',
    issock: look.kind === 'socket',
    uid: look.uid,
    gid: look.gid,
    pw_name: look.owner,
    gr_name: look.group,
    size: look.size,
    inode: look.inode,
    dev: look.device,
    nlink: look.links,
    atime: look.accessed,
    mtime: look.modified,
    ctime: look.statusChanged,
    rusr: bit(0o400),
    wusr: bit(0o200),
    xusr: bit(0o100),
    rgrp: bit(0o040),
    wgrp: bit(0o020),
    xgrp: bit(0o010),
    roth: bit(0o004),
    woth: bit(0o002),
    xoth: bit(0o001),
    isuid: bit(0o4000),
    isgid: bit(0o2000),
    readable: may.includes('r'),
    writeable: may.includes('w'),
    executable: may.includes('x'),
    ...(checksum !== undefined && { checksum }),
    ...(points !== undefined && { lnk_target: points }),
    ...(leads !== undefined && { lnk_source: leads }),
  };
}

/** Shows what is at a path. */
export const stat: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'stat',
  summary: 'Show what is at a path: kind, owner, mode, size, times, checksum',
  schema,
  effect: 'read',
  follows: () => true,
  paths: (want) => [posix.normalize(want.path)],
  probe({ path: of, follow, get_checksum, checksum_algorithm = 'sha1' }) {
    const sum = get_checksum === false ? undefined : checksum_algorithm;
    return asking({ at: path(of, { sum, access: true, leads: !follow }) }, ({ at }) => {
      const look = follow ? at.behind : at.look;
      return {
        look,
        checksum: look.kind === 'file' ? at.sum : undefined,
        points: follow ? undefined : at.points,
        leads: at.leads,
        may: at.may ?? '',
      };
    });
  },
  diff: () => [],
  steps: () => [],
  result: (want, have) => ({
    stat: have.look.kind === 'absent' ? { exists: false } : details(have, want.path),
  }),
};
