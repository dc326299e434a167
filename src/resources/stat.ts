import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { sumNames } from '../probes/path-question.ts';
import { asking } from '../probes/probe.ts';
import { hostPath } from './argument-schemas.ts';
import { modeText } from './files/file-mode.ts';
import {
  askAttributes,
  askMime,
  attributeKeys,
  attributesResult,
  mimeKeys,
  mimeResult,
} from './files/looked-content.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('what to look at'),
    follow: Type.Optional(Type.Boolean({ default: false, description: 'look at what a link points to' })),
    get_mime: Type.Optional(
      Type.Boolean({
        description:
          'give `mimetype` and `charset`, by the program `file` of the host; looked at only where it is written',
      }),
    ),
    get_attributes: Type.Optional(
      Type.Boolean({
        description:
          'give `attributes`, `attr_flags` and `version`, by lsattr; looked at only where it is written',
      }),
    ),
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
  readonly stat: FileStat;
  readonly checksum: string | undefined;
  readonly points: string | undefined;
  readonly leads: string | undefined;
  /** Letters r, w and x that the connection's user may. */
  readonly may: string;
  /** What was looked at because the task says so. */
  readonly more: { readonly [key: string]: Json };
}

const keys = `
  exists path mode isreg isdir islnk ischr isblk isfifo issock uid gid pw_name gr_name size inode
  dev nlink atime mtime ctime rusr wusr xusr rgrp wgrp xgrp roth woth xoth isuid isgid
  readable writeable executable checksum lnk_target lnk_source
`
  .trim()
  .split(/\s+/);

function details(
  { stat, checksum, points, leads, may, more }: State,
  path: string,
): { readonly [key: string]: Json } {
  const bit = (mask: number) => (stat.mode & mask) !== 0;
  return {
    exists: true,
    path,
    mode: modeText(stat.mode),
    isreg: stat.kind === 'file',
    isdir: stat.kind === 'directory',
    islnk: stat.kind === 'link',
    ischr: stat.kind === 'character',
    isblk: stat.kind === 'block',
    isfifo: stat.kind === 'fifo',
    issock: stat.kind === 'socket',
    uid: stat.uid,
    gid: stat.gid,
    pw_name: stat.owner,
    gr_name: stat.group,
    size: stat.size,
    inode: stat.inode,
    dev: stat.device,
    nlink: stat.links,
    atime: stat.accessed,
    mtime: stat.modified,
    ctime: stat.statusChanged,
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
    ...more,
  };
}

/** Shows what is at a path. */
export const stat: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'stat',
  summary: 'Show what is at a path: kind, owner, mode, size, times, checksum',
  schema,
  gives: keys.map((key) => `stat.${key}`),
  // A program more for each task: most playbooks never read these.
  givesWith: {
    get_mime: mimeKeys.map((key) => `stat.${key}`),
    get_attributes: attributeKeys.map((key) => `stat.${key}`),
  },
  argumentAliases: {
    path: ['dest', 'name'],
    checksum_algorithm: ['checksum', 'checksum_algo'],
    get_mime: ['mime', 'mime_type', 'mime-type'],
    get_attributes: ['attr', 'attributes'],
  },
  effect: 'read',
  follows: () => true,
  paths: (want) => [posix.normalize(want.path)],
  probe({ path: of, follow, get_checksum, checksum_algorithm = 'sha1', get_mime, get_attributes }) {
    const sum = get_checksum === false ? undefined : checksum_algorithm;
    const asks = {
      at: path(of, { sum, access: true, leads: !follow }),
      mime: get_mime ? askMime(of) : undefined,
      attributes: get_attributes ? askAttributes(of) : undefined,
    };
    return asking(asks, ({ at, mime, attributes }) => {
      const stat = follow ? at.behind : at.stat;
      return {
        stat,
        checksum: stat.kind === 'file' ? at.sum : undefined,
        points: follow ? undefined : at.points,
        leads: at.leads,
        may: at.may ?? '',
        more: { ...(mime && mimeResult(mime)), ...(attributes && attributesResult(attributes)) },
      };
    });
  },
  diff: () => [],
  steps: () => [],
  result: (want, have) => ({
    stat: have.stat.kind === 'absent' ? { exists: false } : details(have, want.path),
  }),
};
