import { posix } from 'node:path';
import type { FileStat } from '../../probes/file-stat.ts';
import { path } from '../../probes/path.ts';
import { asking, type Probe } from '../../probes/probe.ts';
import { type Ownership, putScript } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Change, Json } from '../resource.ts';
import type { Step } from '../step.ts';
import { backupResult } from './backup.ts';
import { modeText } from './file-mode.ts';
import { ownershipChanges, ownershipResult, ownershipStep, settledOwnership } from './file-ownership.ts';
import { placeFaults, preparePlace } from './file-place.ts';
import { validationCode, validationFault } from './validation.ts';

/** A file of the host that is to be at another place of the host too; its content never travels. */
export interface RemoteFile extends Ownership {
  readonly src: string;
  readonly dest: string;
  readonly backup?: boolean | undefined;
  readonly validate?: string | undefined;
  readonly force?: boolean | undefined;
  readonly follow?: boolean | undefined;
  readonly directoryMode?: string | undefined;
}

/** Both ends of the copy. */
export interface RemoteFileState {
  readonly target: string;
  readonly source: FileStat;
  readonly sourceSum: string | undefined;
  readonly stat: FileStat;
  readonly sum: string | undefined;
}

/** Asks for stat and sum of both files. */
export function probeRemoteFile({ src, dest, follow }: RemoteFile): Probe<RemoteFileState> {
  const asks = {
    source: path(src, { sum: 'sha256' }),
    file: path(dest, { inside: posix.basename(src), follow, sum: 'sha256' }),
  };
  return asking(asks, ({ source, file }) => ({
    target: file.target,
    source: source.behind,
    sourceSum: source.sum,
    stat: file.stat,
    sum: file.sum,
  }));
}

/** Why the copy cannot be made. */
export function refuseRemoteFile(want: RemoteFile, have: RemoteFileState): readonly string[] {
  const { source, stat, target } = have;
  const fault = validationFault(want.validate);
  if (fault !== undefined) return [fault];
  if (source.kind === 'absent') return [`${want.src} does not exist on the host`];
  if (source.kind !== 'file') return [`${want.src} is a ${source.kind}, not a regular file`];
  return placeFaults(target, stat);
}

// A new copy is as private as its source; `mode: preserve` keeps it so.
function ownership(want: RemoteFile, { source, stat }: RemoteFileState): Ownership {
  const { owner, group, mode } = want;
  const same = mode === 'preserve' || (mode === undefined && stat.kind !== 'file');
  return { owner, group, mode: same ? modeText(source.mode) : mode };
}

/** Content, owner, group and mode as they differ. */
export function diffRemoteFile(want: RemoteFile, have: RemoteFileState): readonly Change[] {
  const { stat } = have;
  const wanted = ownership(want, have);
  if (stat.kind === 'absent') {
    return [{ attribute: 'state', from: 'absent', to: 'file' }, ...ownershipChanges(wanted, stat)];
  }
  if (want.force === false) return [];
  if (stat.kind === 'link') return [{ attribute: 'state', from: 'link', to: 'file' }];
  const content: Change[] =
    have.sum === have.sourceSum
      ? []
      : [
          {
            attribute: 'content',
            from: `sha256:${have.sum?.slice(0, 12)}`,
            to: `sha256:${have.sourceSum?.slice(0, 12)}`,
          },
        ];
  return [...content, ...ownershipChanges(wanted, stat)];
}

/** What copies the file, or only sets its owner and mode. */
export function writeRemoteFile(want: RemoteFile, changes: readonly Change[], have: RemoteFileState): Step[] {
  if (changes.length === 0) return [];
  const { stat, target } = have;
  const wanted = ownership(want, have);
  if (!changes.some(({ attribute }) => attribute === 'state' || attribute === 'content')) {
    return [ownershipStep(target, wanted, stat)];
  }
  const settled = settledOwnership(wanted, stat.kind === 'file' ? stat : { ...stat, kind: 'absent' });
  const put = putScript(target, `cat -- ${quote(want.src)}`, settled, validationCode(want.validate));
  return [{ kind: 'script', script: [...preparePlace(want, target), put].join('\n') }];
}

/** What `register` sees. */
export function remoteFileResult(
  want: RemoteFile,
  have: RemoteFileState,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  return {
    src: want.src,
    dest: have.target,
    path: have.target,
    state: 'file',
    size: have.source.size,
    ...ownershipResult(ownership(want, have), have.stat),
    ...backupResult(outputs),
  };
}
