import { createHash } from 'node:crypto';
import type { FileStat } from '../../probes/file-stat.ts';
import { path } from '../../probes/path.ts';
import { asking, type Probe } from '../../probes/probe.ts';
import { isSecret } from '../../probes/secret-mark.ts';
import type { Ownership } from '../../shell/put.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Change, Json, ProbeOptions } from '../resource.ts';
import type { Step } from '../step.ts';
import { backupResult } from './backup.ts';
import { sha256Of } from './content-sum.ts';
import {
  ownershipChanges,
  ownershipKeys,
  ownershipResult,
  ownershipStep,
  settledOwnership,
} from './file-ownership.ts';
import { placeFaults, preparePlace } from './file-place.ts';
import { writeFileSteps } from './file-write.ts';
import { shownBytes, shownText } from './shown-text.ts';
import { validationFault } from './validation.ts';

/** A file whose whole content is wanted. */
export interface WholeFile extends Ownership {
  /** Where it goes; with a trailing `/`, or when it is a directory, under `name` inside. */
  readonly dest: string;
  /** Its name inside a directory; undefined when a directory will not do. */
  readonly name: string | undefined;
  readonly content: Buffer;
  readonly backup?: boolean | undefined;
  readonly validate?: string | undefined;
  /** False: a file that is there stays as it is. */
  readonly force?: boolean | undefined;
  /** True: what a link at `dest` points to is written; false: the link is replaced. */
  readonly follow?: boolean | undefined;
  readonly directoryMode?: string | undefined;
}

/** What is there instead. */
export interface WholeFileState {
  /** The file itself, after a directory or a link was followed. */
  readonly target: string;
  readonly stat: FileStat;
  readonly sha256: string | undefined;
  /** The old content, when it was asked for and may be shown; empty for a file that is not there. */
  readonly before: Buffer | undefined;
}

/** Works out the wanted file of a task's arguments once: a content and its sum are needed several times. */
export function oncePerArguments<Arguments extends object>(
  work: (want: Arguments) => WholeFile,
): (want: Arguments) => WholeFile {
  const known = new WeakMap<Arguments, WholeFile>();
  return (want) => {
    const file = known.get(want) ?? work(want);
    known.set(want, file);
    return file;
  };
}

/** Asks what is at the place of the file: stat and sum, and the old content if it differs and is to be shown. */
export function probeWholeFile(
  { dest, name, follow, content }: WholeFile,
  { contents }: ProbeOptions,
): Probe<WholeFileState> {
  const shown = contents && !isSecret(content);
  const text = shown ? { most: shownBytes, unlessSum: sha256Of(content) } : undefined;
  return asking({ file: path(dest, { inside: name, follow, sum: 'sha256', text }) }, ({ file }) => {
    const nothing = contents && file.stat.kind === 'absent' ? Buffer.alloc(0) : undefined;
    return { target: file.target, stat: file.stat, sha256: file.sum, before: file.content ?? nothing };
  });
}

/** Why the file cannot be written there. */
export function refuseWholeFile(want: WholeFile, { target, stat }: WholeFileState): readonly string[] {
  const fault = validationFault(want.validate);
  if (fault !== undefined) return [fault];
  if (stat.kind === 'directory') {
    const hint = want.name === undefined ? '; name the file inside it' : '';
    return [`${target} is a directory on the host${hint}`];
  }
  return placeFaults(target, stat);
}

// A new file with a private key in it is for its owner alone unless the author says otherwise.
function guarded(want: WholeFile, { stat }: WholeFileState): WholeFile {
  const open = want.mode === undefined && stat.kind !== 'file' && isSecret(want.content);
  return open ? { ...want, mode: '0600' } : want;
}

/** Content, owner, group and mode as they differ. */
export function diffWholeFile(given: WholeFile, have: WholeFileState): readonly Change[] {
  const { stat, target } = have;
  const want = guarded(given, have);
  const text = shownText(target, have.before, want.content);
  if (stat.kind === 'absent') {
    return [{ attribute: 'state', from: 'absent', to: 'file', ...text }, ...ownershipChanges(want, stat)];
  }
  if (want.force === false) return [];
  if (stat.kind === 'link') return [{ attribute: 'state', from: 'link', to: 'file', ...text }];
  const wanted = sha256Of(want.content);
  const content: Change[] =
    have.sha256 === wanted
      ? []
      : [{ attribute: 'content', from: short(have.sha256 ?? 'unread'), to: short(wanted), ...text }];
  return [...content, ...ownershipChanges(want, stat)];
}

function short(hash: string): string {
  return `sha256:${hash.slice(0, 12)}`;
}

/** What writes the file, or only sets its owner and mode. */
export function writeWholeFile(given: WholeFile, changes: readonly Change[], have: WholeFileState): Step[] {
  if (changes.length === 0) return [];
  const { stat, target } = have;
  const want = guarded(given, have);
  if (!changes.some(({ attribute }) => attribute === 'state' || attribute === 'content')) {
    return [ownershipStep(target, want, stat)];
  }
  const before = preparePlace(want, target);
  const replaced = stat.kind === 'file' ? stat : undefined;
  const ownership = settledOwnership(want, replaced ?? { ...stat, kind: 'absent' });
  const { content, validate } = want;
  return writeFileSteps({ path: target, content, replaced, ownership, validate, before });
}

/** The keys of what `register` sees. */
export const wholeFileKeys = [
  ...['dest', 'path', 'state', 'size', 'checksum', 'md5sum', 'backup_file'],
  ...ownershipKeys,
] as const;

/** What `register` sees. */
export function wholeFileResult(
  want: WholeFile,
  have: WholeFileState,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  const { target, stat } = have;
  return {
    dest: target,
    path: target,
    state: 'file',
    size: want.content.length,
    checksum: createHash('sha1').update(want.content).digest('hex'),
    ...(outputs.length > 0 && { md5sum: createHash('md5').update(want.content).digest('hex') }),
    ...ownershipResult(guarded(want, have), stat),
    ...backupResult(outputs),
  };
}
