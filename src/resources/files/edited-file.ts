import { posix } from 'node:path';
import type { FileStat } from '../../probes/file-stat.ts';
import { path } from '../../probes/path.ts';
import type { PathAnswer } from '../../probes/path-answer.ts';
import { type Ask, asking, type Probe } from '../../probes/probe.ts';
import { makeDirectoryScript, type Ownership } from '../../shell/put.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Change, Json, ProbeOptions } from '../resource.ts';
import type { Step } from '../step.ts';
import { backupResult, backupScript } from './backup.ts';
import {
  ownershipChanges,
  ownershipKeys,
  ownershipResult,
  ownershipStep,
  settledOwnership,
} from './file-ownership.ts';
import { writeFileSteps } from './file-write.ts';
import { shownText } from './shown-text.ts';
import { unchangedScript } from './unchanged-file.ts';
import { validationFault } from './validation.ts';

/** A file of which a part is wanted. */
export interface EditedFile extends Ownership {
  readonly path: string;
  readonly create?: boolean | undefined;
  readonly backup?: boolean | undefined;
  readonly validate?: string | undefined;
}

/** What is there instead. */
export interface EditedFileState {
  /** The file itself, after links were followed. */
  readonly target: string;
  readonly stat: FileStat;
  /** The whole content; undefined when there is no such file or it is too large to be edited. */
  readonly content: Buffer | undefined;
  readonly contents: boolean;
}

/** Larger files are not edited. */
const editedBytes = 2 * 1024 * 1024;

/** Asks for the file's stat and its whole content, for the edit is made here. */
export function probeEditedFile(of: string, { contents }: ProbeOptions): Probe<EditedFileState> {
  return asking({ file: editedFile(of) }, ({ file }) => editedFileState(file, contents));
}

/** The question about a file that is to be edited, for a probe that asks more. */
export function editedFile(of: string): Ask<PathAnswer> {
  return path(of, { follow: true, text: { most: editedBytes, secrets: true } });
}

/** What the answer says of it. */
export function editedFileState({ target, stat, content }: PathAnswer, contents: boolean): EditedFileState {
  return { target, stat, content, contents };
}

/** The paths that an edit may touch. */
export function editedFilePaths(path: string): readonly string[] {
  return [posix.normalize(path)];
}

/** Why the file cannot be edited; `needed` is false when a missing file is as good as an edited one. */
export function refuseEditedFile(
  want: EditedFile,
  have: EditedFileState,
  needed: boolean,
): readonly string[] {
  const { stat, target } = have;
  const fault = validationFault(want.validate);
  if (fault !== undefined) return [fault];
  if (stat.kind === 'absent') {
    return needed && !want.create ? [`${target} does not exist on the host; \`create: true\` makes it`] : [];
  }
  if (stat.kind !== 'file') return [`${target} is a ${stat.kind} on the host, not a regular file`];
  return have.content === undefined
    ? [`${target} is larger than ${editedBytes / 1024 / 1024} MiB; such a file is not edited`]
    : [];
}

/** What `register` sees of a refusal, in the words of Ansible's modules, which playbooks look into. */
export function failedEdit(
  { path }: EditedFile,
  { stat }: EditedFileState,
  noun = 'Path',
): { readonly [key: string]: Json } {
  if (stat.kind === 'absent') return { rc: 257, msg: `${noun} ${path} does not exist !` };
  return stat.kind === 'directory' ? { rc: 256, msg: `Path ${path} is a directory !` } : {};
}

/** The text of a file; bytes that are no UTF-8 are kept as they are by reading each as one character. */
export function editableText(content: Buffer): {
  readonly text: string;
  encode(text: string): Buffer;
  fit(word: string): string;
} {
  const text = content.toString('utf8');
  if (Buffer.from(text).equals(content))
    return { text, encode: (now) => Buffer.from(now), fit: (word) => word };
  return {
    text: content.toString('latin1'),
    encode: (now) => Buffer.from(now, 'latin1'),
    fit: (word) => Buffer.from(word).toString('latin1'),
  };
}

/** What differs between the file and its edited content; undefined content: the file may stay missing. */
export function diffEditedFile(
  want: EditedFile,
  have: EditedFileState,
  edited: Buffer | undefined,
): readonly Change[] {
  if (edited === undefined) return [];
  const { stat, target } = have;
  const before = have.content ?? Buffer.alloc(0);
  const text = have.contents ? shownText(target, before, edited) : {};
  if (stat.kind === 'absent') {
    return [{ attribute: 'state', from: 'absent', to: 'file', ...text }, ...ownershipChanges(want, stat)];
  }
  const content: Change[] = before.equals(edited) ? [] : [{ attribute: 'content', ...text }];
  return [...content, ...ownershipChanges(want, stat)];
}

/** What writes the edited file, unless it became another one since it was read. */
export function writeEditedFile(
  want: EditedFile,
  changes: readonly Change[],
  have: EditedFileState,
  edited: Buffer | undefined,
): Step[] {
  if (changes.length === 0 || edited === undefined) return [];
  const { stat, target } = have;
  if (!changes.some(({ attribute }) => attribute === 'state' || attribute === 'content')) {
    return [ownershipStep(target, want, stat)];
  }
  const before: string[] = [];
  if (have.content) before.push(unchangedScript(target, [have.content, edited]));
  // As Ansible does it: the directories of a new file are made, too.
  if (stat.kind === 'absent') before.push(makeDirectoryScript(posix.dirname(target), {}));
  if (want.backup) before.push(backupScript(target));
  const { validate } = want;
  const replaced = stat.kind === 'file' ? stat : undefined;
  const ownership = settledOwnership(want, stat);
  return writeFileSteps({ path: target, content: edited, replaced, ownership, validate, before });
}

/** The file as it will be after the edit; undefined where more than its content changes. */
export function editedFileAfter(
  want: EditedFile,
  have: EditedFileState,
  edited: Buffer | undefined,
): EditedFileState | undefined {
  const known = have.stat.kind === 'file' && edited && ownershipChanges(want, have.stat).length === 0;
  return known ? { ...have, content: edited } : undefined;
}

/** What Ansible says of an edit, and with it of an owner or mode that was set. */
export function editMessage(edit: string, want: EditedFile, before: EditedFileState): string {
  const owned = before.stat.kind !== 'absent' && ownershipChanges(want, before.stat).length > 0;
  return [edit, owned ? 'ownership, perms or SE linux context changed' : ''].filter(Boolean).join(' and ');
}

// Ansible's modules that edit call it `backup`, all others `backup_file`.
function renamedBackup(kept: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return { ...kept, backup: kept.backup_file ?? '' };
}

/** The keys of what `register` sees. */
export const editedFileKeys = ['path', 'dest', 'backup', 'backup_file', ...ownershipKeys] as const;

/** What `register` sees. */
export function editedFileResult(
  want: EditedFile,
  have: EditedFileState,
  outputs: readonly ScriptOutput[],
  said: string,
): { readonly [key: string]: Json } {
  return {
    msg: said,
    path: have.target,
    dest: have.target,
    ...ownershipResult(want, have.stat),
    ...renamedBackup(backupResult(outputs)),
  };
}
