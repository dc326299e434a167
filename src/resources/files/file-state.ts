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
  /** The other name of a hard link; of a link what it is to lead to, where that matters. */
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

/** The path whose owner, group and mode are wanted when a link is: what it leads to, unless `follow` is false. */
export function linkedPath(want: WantedFile): string | undefined {
  const owned = want.owner !== undefined || want.group !== undefined || want.mode !== undefined;
  if (kindOf(want) !== 'link' || want.follow === false || !owned) return undefined;
  return posix.resolve(posix.dirname(pathOf(want)), want.src ?? '.');
}

/** What owner, group and mode are about: a link, or what it leads to. */
export function subject(want: WantedFile, have: FileState): FileStat {
  if (kindOf(want) === 'link') return have.source ?? have.stat;
  return have.stat.kind === 'link' && want.follow === false ? have.stat : have.behind;
}

/** The ownership that can be set there: a link has no mode. */
export function ownership(want: WantedFile, have: FileState): Ownership {
  const { owner, group, mode } = want;
  // A link that leads nowhere has nothing to be owned, as with Ansible.
  if (kindOf(want) === 'link' && have.source?.kind === 'absent') return {};
  const link = subject(want, have).kind === 'link' || (kindOf(want) === 'link' && !have.source);
  return link ? { owner, group } : { owner, group, mode };
}

/** Whether `touch` sets a time of a file that is there. */
export function touches(want: WantedFile): boolean {
  return want.modification_time !== 'preserve' || want.access_time !== 'preserve';
}
