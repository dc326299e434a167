import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Answer, tellFunction } from '../../probes/answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { makeDirectoryScript, type Ownership, printBytes, putScript } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Change, Json, ProbeOptions, Step } from '../resource.ts';
import { backupResult, backupScript } from './backup.ts';
import { type FileLook, lookFunction, readLook } from './file-look.ts';
import { ownershipChanges, ownershipResult, ownershipStep, settledOwnership } from './file-ownership.ts';
import { isSecret, secretMark, shownBytes, shownText } from './shown-text.ts';
import { validationCode, validationFault } from './validation.ts';

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
  readonly look: FileLook;
  readonly sha256: string | undefined;
  /** The old content, when it was asked for and may be shown; empty for a file that is not there. */
  readonly before: Buffer | undefined;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The paths that writing the file may touch. */
export function wholeFilePaths(dest: string, name: string | undefined): readonly string[] {
  const inside = name === undefined ? [] : [posix.join(dest, name)];
  return dest.endsWith('/') && name !== undefined ? inside : [posix.normalize(dest), ...inside];
}

/** sh code that leaves in $provision_target the file that `dest` means. */
export function targetScript(dest: string, name: string | undefined, follow: boolean): string {
  const lines = [`provision_target=${quote(dest)}`];
  if (name !== undefined) {
    const inside = `provision_target=${quote(posix.join(dest, name))}`;
    lines.push(dest.endsWith('/') ? inside : `[ ! -d "$provision_target" ] || ${inside}`);
  }
  if (follow) {
    lines.push('[ ! -L "$provision_target" ] || provision_target=$(readlink -f -- "$provision_target")');
  }
  return lines.join('\n');
}

/** sh code that tells $provision_target when it is not just `dest`. */
export function tellTarget(dest: string): string {
  return `[ "$provision_target" = ${quote(dest)} ] || provision_tell target "$provision_target"`;
}

/** Asks what is at the place of the file: stat and hash, and the old content if it differs and is to be shown. */
export function probeWholeFile(want: WholeFile, { contents }: ProbeOptions): Probe<WholeFileState> {
  const lines = [tellFunction, lookFunction, targetScript(want.dest, want.name, want.follow ?? false)];
  lines.push(tellTarget(want.dest), 'provision_look file "$provision_target"');
  lines.push('if [ -f "$provision_target" ]; then');
  lines.push('provision_sum=$(sha256sum <"$provision_target") || exit 1');
  lines.push('echo "sha256 ${provision_sum%% *}"');
  if (contents && !isSecret(want.content)) {
    lines.push(
      `if [ "\${provision_sum%% *}" != ${sha256(want.content)} ] &&`,
      `  [ "$(stat -L -c %s -- "$provision_target")" -le ${shownBytes} ] &&`,
      `  ! grep -q -a -e ${quote(secretMark)} -- "$provision_target"; then`,
      `  printf 'content %s\\n' "$(base64 <"$provision_target" | tr -d '\\n')"`,
      'fi',
    );
  }
  lines.push('fi');
  return scriptProbe({
    script: lines.join('\n'),
    parse(output) {
      const answer = new Answer(output, want.dest);
      const look = readLook(answer, 'file');
      const nothing = contents && look.kind === 'absent' ? Buffer.alloc(0) : undefined;
      return {
        target: (answer.bytes('target') ?? want.dest).toString(),
        look,
        sha256: answer.get('sha256'),
        before: answer.bytes('content') ?? nothing,
      };
    },
  });
}

/** Why the file cannot be written there. */
export function refuseWholeFile(want: WholeFile, { target, look }: WholeFileState): readonly string[] {
  const fault = validationFault(want.validate);
  if (fault !== undefined) return [fault];
  if (look.kind === 'directory') {
    const hint = want.name === undefined ? '; name the file inside it' : '';
    return [`${target} is a directory on the host${hint}`];
  }
  const writable = look.kind === 'absent' || look.kind === 'file' || look.kind === 'link';
  return writable ? [] : [`${target} is a ${look.kind} on the host, not a regular file; remove it first`];
}

// A new file with a private key in it is for its owner alone unless the author says otherwise.
function guarded(want: WholeFile, { look }: WholeFileState): WholeFile {
  const open = want.mode === undefined && look.kind !== 'file' && isSecret(want.content);
  return open ? { ...want, mode: '0600' } : want;
}

/** Content, owner, group and mode as they differ. */
export function diffWholeFile(given: WholeFile, have: WholeFileState): readonly Change[] {
  const { look, target } = have;
  const want = guarded(given, have);
  const text = shownText(target, have.before, want.content);
  if (look.kind === 'absent') {
    return [{ attribute: 'state', from: 'absent', to: 'file', ...text }, ...ownershipChanges(want, look)];
  }
  if (want.force === false) return [];
  if (look.kind === 'link') return [{ attribute: 'state', from: 'link', to: 'file', ...text }];
  const wanted = sha256(want.content);
  const content: Change[] =
    have.sha256 === wanted
      ? []
      : [{ attribute: 'content', from: short(have.sha256 ?? 'unread'), to: short(wanted), ...text }];
  return [...content, ...ownershipChanges(want, look)];
}

function short(hash: string): string {
  return `sha256:${hash.slice(0, 12)}`;
}

/** What writes the file, or only sets its owner and mode. */
export function writeWholeFile(given: WholeFile, changes: readonly Change[], have: WholeFileState): Step[] {
  if (changes.length === 0) return [];
  const { look, target } = have;
  const want = guarded(given, have);
  if (!changes.some(({ attribute }) => attribute === 'state' || attribute === 'content')) {
    return [ownershipStep(target, want, look)];
  }
  const lines: string[] = [];
  if (want.dest.endsWith('/')) {
    const { owner, group } = want;
    lines.push(makeDirectoryScript(posix.dirname(target), { owner, group, mode: want.directoryMode }));
  }
  if (want.backup) lines.push(backupScript(target));
  const ownership = settledOwnership(want, look.kind === 'file' ? look : { ...look, kind: 'absent' });
  lines.push(putScript(target, printBytes(want.content), ownership, validationCode(want.validate)));
  return [{ kind: 'script', script: lines.join('\n') }];
}

/** What `register` sees. */
export function wholeFileResult(
  want: WholeFile,
  have: WholeFileState,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  const { target, look } = have;
  return {
    dest: target,
    path: target,
    state: 'file',
    size: want.content.length,
    checksum: createHash('sha1').update(want.content).digest('hex'),
    ...ownershipResult(guarded(want, have), look),
    ...backupResult(outputs),
  };
}
