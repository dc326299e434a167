import { posix } from 'node:path';
import type { FileStat } from '../../probes/file-stat.ts';
import { makeDirectoryScript, type Ownership } from '../../shell/put.ts';
import { backupScript } from './backup.ts';

/** Where a file is to be put. */
interface WantedPlace extends Ownership {
  readonly dest: string;
  readonly backup?: boolean | undefined;
  readonly directoryMode?: string | undefined;
}

/** Why no file can be renamed onto what is at the place. */
export function placeFaults(target: string, { kind }: FileStat): readonly string[] {
  return kind === 'absent' || kind === 'file' || kind === 'link'
    ? []
    : [`${target} is a ${kind} on the host, not a regular file; remove it first`];
}

/** What is done before the file is written: a `dest` that ends in / becomes a directory, what is replaced is kept. */
export function preparePlace(want: WantedPlace, target: string): readonly string[] {
  const { dest, owner, group, directoryMode: mode, backup } = want;
  const above = dest.endsWith('/')
    ? [makeDirectoryScript(posix.dirname(target), { owner, group, mode })]
    : [];
  return backup ? [...above, backupScript(target)] : above;
}
