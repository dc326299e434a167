import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { quote } from '../shell/quote.ts';
import { expandedOnHost, hostPath, ownershipArguments } from './argument-schemas.ts';
import { fileChanges, refuseFile } from './files/file-change.ts';
import { ownershipKeys, ownershipResult } from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import { fileScript } from './files/file-script.ts';
import {
  directoryMode,
  type FileState,
  kindOf,
  linkedPath,
  ownership,
  pathOf,
  subject,
  touches,
} from './files/file-state.ts';
import { pathInfo, pathInfoScript } from './files/path-info.ts';
import type { HostResource, Json } from './resource.ts';
import type { Step } from './step.ts';

const schema = Type.Object(
  {
    path: hostPath('what it is about'),
    state: Type.Optional(
      Type.Enum(['file', 'directory', 'link', 'hard', 'touch', 'absent'], {
        description:
          'what should be there; without it whatever is there keeps its kind, and `recurse` means directory',
      }),
    ),
    src: Type.Optional(
      Type.String({
        ...expandedOnHost,
        minLength: 1,
        description: 'what a link points to, or the path of which a hard link is another name',
      }),
    ),
    ...ownershipArguments,
    recurse: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'owner, group and mode also of all that is below a directory',
      }),
    ),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'a link may take the place of a file or an empty directory',
      }),
    ),
    follow: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'owner, group and mode of what a link points to, not of the link',
      }),
    ),
    modification_time: Type.Optional(
      Type.Enum(['now', 'preserve'], {
        description: 'with touch: preserve leaves the time of a file that is there',
      }),
    ),
    access_time: Type.Optional(
      Type.Enum(['now', 'preserve'], {
        description: 'with touch: preserve leaves the time of a file that is there',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

function pathsOf(want: Arguments): readonly string[] {
  const own = pathOf(want);
  const kind = kindOf(want);
  const below = kind === 'absent' || kind === 'link' || want.recurse ? [`${own}/`.replace('//', '/')] : [];
  const linked = linkedPath(want);
  const other = kind === 'hard' && want.src !== undefined ? posix.normalize(want.src) : linked;
  return [own, ...below, ...(other === undefined ? [] : [other])];
}

// What Ansible's module says of what is in the way, which playbooks look into.
function failedResult(want: Arguments, have: FileState): { readonly [key: string]: Json } {
  const path = pathOf(want);
  const kind = kindOf(want);
  const { stat, behind } = have;
  const misused = (kind === 'link' || kind === 'hard') !== (want.src !== undefined);
  if (misused || kind === 'absent' || (want.recurse && kind !== 'directory')) return {};
  if (kind === 'hard' && have.source?.kind === 'absent')
    return { dest: path, src: want.src ?? '', msg: 'src does not exist' };
  if (kind === 'any' || kind === 'file') {
    const state = behind.kind;
    return { path, state, msg: `file (${path}) is ${state}, cannot continue` };
  }
  if (stat.kind === 'absent') return {};
  const there = { path, state: stat.kind, size: stat.size, ...ownershipResult({}, stat) };
  if (kind === 'directory') return { ...there, msg: `${path} already exists as a ${stat.kind}` };
  const wanted = kind === 'link' ? 'symlink' : kind;
  return { ...there, msg: `refusing to convert from ${stat.kind} to ${wanted} for ${path}` };
}

/** A file, directory or link: its kind, owner, group and mode, or that it is not there. */
export const file: HostResource<Arguments, FileState> = {
  kind: 'host',
  name: 'file',
  summary: 'Create, change or remove a file, directory or link',
  schema,
  gives: ['path', 'dest', 'state', 'src', 'size', ...ownershipKeys],
  argumentAliases: { path: ['dest', 'name'] },
  effect: 'contained',
  repeats: (want) => kindOf(want) === 'touch' && touches(want),
  paths: pathsOf,
  probe(want) {
    const linked = linkedPath(want);
    const other = kindOf(want) === 'hard' ? (want.src ?? '/') : linked;
    const source = other === undefined ? undefined : path(other);
    // What goes away, or makes room for a link, is all that is below too.
    const at = { ...path(pathOf(want), { tree: want.recurse }), paths: pathsOf(want) };
    return asking({ at, source }, ({ at, source }) => ({
      stat: at.stat,
      behind: at.behind,
      points: at.points,
      source: linked === undefined ? source?.stat : source?.behind,
      tree: at.tree ?? [],
    }));
  },
  premises: (want) =>
    filePremises(want, kindOf(want) === 'directory' || kindOf(want) === 'absent' ? undefined : pathOf(want)),
  refuse: refuseFile,
  diff: fileChanges,
  steps(want, changes, have): Step[] {
    if (changes.length === 0) return [];
    // It is not asked again after a touch: the program itself says what is there then.
    const made = fileScript(want, changes, have);
    const script =
      kindOf(want) === 'touch' ? `{\n${made}\n} || exit\n${pathInfoScript(quote(pathOf(want)))} || :` : made;
    return [{ kind: 'script', script }];
  },
  failedResult,
  result(want, have, outputs) {
    const own = pathOf(want);
    const kind = kindOf(want);
    if (kind === 'absent') return { path: own, dest: own, state: 'absent' };
    const fresh = kind === 'directory' ? directoryMode : undefined;
    return {
      path: own,
      dest: own,
      state: kind === 'any' ? have.behind.kind : kind === 'touch' ? 'file' : kind,
      ...(want.src !== undefined && { src: want.src }),
      ...ownershipResult(ownership(want, have), subject(want, have), fresh),
      // Of the link itself, as with Ansible, whatever is wanted of what it leads to.
      ...(kind === 'link' && { mode: '0777' }),
      ...(have.stat.kind === 'absent' ? kind === 'touch' && { size: 0 } : { size: have.stat.size }),
      ...(kind === 'touch' && pathInfo(outputs.at(-1)?.stdout.trimEnd().split('\n').at(-1))),
    };
  },
};
