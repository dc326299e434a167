import { posix } from 'node:path';
import type { FileStat } from '../../probes/file-stat.ts';
import type { TreeEntries } from '../../probes/path-tree.ts';
import type { Ownership } from '../../shell/put.ts';

/** What is wanted of a path. */
export interface WantedFile extends Ownership {
  readonly path: string;
  readonly state?: 'file' | 'directory' | 'link' | 'hard' | 'touch' | 'absent';
  readonly src?: string;
  readonly recurse?: boolean;
  readonly force?: boolean;
  readonly follow?: boolean;
  readonly modification_time?: 'now' | 'preserve';
  readonly access_time?: 'now' | 'preserve';
}

/** What is there instead. */
export interface FileState {
  /** The path itself, a link not followed. */
  readonly stat: FileStat;
  /** What it leads to; the same when it is no link. */
  readonly behind: FileStat;
  /** Where a link points. */
  readonly points: string | undefined;
  /** The other name of a hard link. */
  readonly source: FileStat | undefined;
  readonly tree: readonly TreeEntries[];
}

/** The mode of a directory that is made, when nothing else is said. */
export const directoryMode = 0o755;

/** What is wanted, with what the arguments leave out. */
export function kindOf(
  want: WantedFile,
): 'file' | 'directory' | 'link' | 'hard' | 'touch' | 'absent' | 'any' {
  return want.state ?? (want.recurse ? 'directory' : 'any');
}

/** The path without a trailing slash, which would make a link be followed. */
export function pathOf(want: WantedFile): string {
  return posix.normalize(want.path).replace(/(?<=.)\/$/, '');
}

/** What owner, group and mode are about: a link, or what it leads to. */
export function subject(want: WantedFile, have: FileState): FileStat {
  const link = kindOf(want) === 'link' || want.follow === false;
  return have.stat.kind === 'link' && link ? have.stat : have.behind;
}

/** The ownership that can be set there: a link has no mode. */
export function ownership(want: WantedFile, have: FileState): Ownership {
  const { owner, group, mode } = want;
  return subject(want, have).kind === 'link' || kindOf(want) === 'link'
    ? { owner, group }
    : { owner, group, mode };
}

/** Whether `touch` sets a time of a file that is there. */
export function touches(want: WantedFile): boolean {
  return want.modification_time !== 'preserve' || want.access_time !== 'preserve';
}
