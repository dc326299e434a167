import type { FileStat } from '../../probes/file-stat.ts';
import { type Ownership, ownScript } from '../../shell/put.ts';
import type { Change, Json } from '../resource.ts';
import type { ScriptStep } from '../step.ts';
import { modeResult, modeText, resolvedMode } from './file-mode.ts';

// What a newly written file may be read by when nothing else is said.
const newFileMode = 0o644;

// The mode that a file is to have; a file that is not there yet starts from `fresh`.
function wantedMode(want: Ownership, have: FileStat, fresh: number): number | undefined {
  if (want.mode === undefined) return undefined;
  return resolvedMode(want.mode, have.kind === 'absent' ? fresh : have.mode, have.kind === 'directory');
}

function nameDiffers(wanted: string | undefined, name: string, id: number): boolean {
  return wanted !== undefined && wanted !== name && wanted !== String(id);
}

/** Owner, group and mode as they differ; all that is wanted when the file is not there. */
export function ownershipChanges(want: Ownership, have: FileStat, fresh = newFileMode): Change[] {
  const there = have.kind !== 'absent';
  const changes: Change[] = [];
  if (want.owner !== undefined && nameDiffers(want.owner, have.owner, have.uid)) {
    changes.push({ attribute: 'owner', ...(there && { from: have.owner }), to: want.owner });
  }
  if (want.group !== undefined && nameDiffers(want.group, have.group, have.gid)) {
    changes.push({ attribute: 'group', ...(there && { from: have.group }), to: want.group });
  }
  const mode = wantedMode(want, have, fresh);
  if (mode !== undefined && (!there || mode !== have.mode)) {
    changes.push({ attribute: 'mode', ...(there && { from: modeText(have.mode) }), to: modeText(mode) });
  }
  return changes;
}

/** The ownership with its mode worked out, five digits long: so chmod clears setgid of directories too. */
export function settledOwnership(want: Ownership, have: FileStat, fresh = newFileMode): Ownership {
  const mode = wantedMode(want, have, fresh);
  return { owner: want.owner, group: want.group, mode: mode?.toString(8).padStart(5, '0') };
}

/** Sets owner, group and mode of something that is already there. */
export function ownershipStep(path: string, want: Ownership, have: FileStat): ScriptStep {
  return { kind: 'script', script: ownScript(path, settledOwnership(want, have)) };
}

// The number of an account, as far as the name is one that the host was seen to use.
function numbered(
  key: 'uid' | 'gid',
  name: string | undefined,
  seen: { readonly name: string; readonly id: number } | undefined,
): { readonly [key: string]: Json } {
  if (name !== undefined && /^\d+$/.test(name)) return { [key]: Number(name) };
  if (seen && (name === undefined || name === seen.name)) return { [key]: seen.id };
  return name === 'root' ? { [key]: 0 } : {};
}

/** The keys of what `register` sees of owner, group and mode. */
export const ownershipKeys = ['mode', 'owner', 'group', 'uid', 'gid'] as const;

/** Owner, group and mode as `register` sees them once all is as wanted. */
export function ownershipResult(
  want: Ownership,
  have: FileStat,
  fresh = newFileMode,
): { readonly [key: string]: Json } {
  const there = have.kind !== 'absent';
  const mode = wantedMode(want, have, fresh) ?? (there ? have.mode : fresh);
  const owner = want.owner ?? (there ? have.owner : undefined);
  const group = want.group ?? (there ? have.group : undefined);
  return {
    mode: modeResult(mode),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...numbered('uid', owner, there ? { name: have.owner, id: have.uid } : undefined),
    ...numbered('gid', group, there ? { name: have.group, id: have.gid } : undefined),
  };
}
