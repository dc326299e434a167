import { posix } from 'node:path';
import { path } from '../../probes/path.ts';
import type { PathAnswer } from '../../probes/path-answer.ts';
import { asking, type Probe } from '../../probes/probe.ts';
import { script } from '../../probes/script.ts';
import type { Ownership } from '../../shell/put.ts';
import type { Change, Json } from '../resource.ts';
import { treeChanges } from './directory-tree.ts';
import { modeText } from './file-mode.ts';
import { ownershipChanges, ownershipResult } from './file-ownership.ts';
import { directoryMode } from './file-state.ts';
import {
  readTreeListing,
  type TreeEntry,
  type TreeListing,
  treeListingScript,
} from './remote-tree-listing.ts';

/** A directory of the host whose content is to be at another place of the host too. */
export interface RemoteTree extends Ownership {
  /** With a trailing `/` what is in the directory goes into `dest`, else the directory itself. */
  readonly src: string;
  readonly dest: string;
  readonly force?: boolean | undefined;
  readonly follow?: boolean | undefined;
  /** Links below `src` are followed; else they are copied as links. */
  readonly localFollow?: boolean | undefined;
  readonly directoryMode?: string | undefined;
}

/** Both ends of the copy. */
export interface RemoteTreeState extends TreeListing {
  readonly dest: PathAnswer;
  readonly top: PathAnswer;
}

function owned({ owner, group }: RemoteTree): boolean {
  return owner !== undefined || group !== undefined;
}

/** The directory that is to hold what `src` holds. */
export function remoteTop({ src, dest }: RemoteTree): string {
  const joined = src.endsWith('/') ? dest : posix.join(dest, posix.basename(src));
  return posix.normalize(joined).replace(/(?<=.)\/$/, '');
}

/** Asks what both directories hold; undefined when `src` is no directory. */
export function probeRemoteTree(want: RemoteTree): Probe<RemoteTreeState | undefined> {
  const top = remoteTop(want);
  const asks = {
    dest: path(want.dest),
    top: path(top),
    listing: script(treeListingScript(want.src, top, want.localFollow === true, owned(want))),
  };
  return asking(asks, ({ dest, top: at, listing }) => {
    const seen = readTreeListing(listing, `the directory ${want.src}`);
    return seen && { dest, top: at, ...seen };
  });
}

/** What of the source is to be copied: entries that are missing or differ, those above first. */
export function copiedEntries({ source, there }: RemoteTreeState): readonly TreeEntry[] {
  return [...source.values()]
    .filter((entry) => entry.name !== '' && differs(entry, there.get(entry.name)))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function differs(entry: TreeEntry, there: TreeEntry | undefined): boolean {
  if (!there) return true;
  if (entry.stat.kind === 'link') return there.points !== entry.points;
  return entry.stat.kind === 'file' && there.sum !== entry.sum;
}

function leftAlone({ force }: RemoteTree, { top }: RemoteTreeState): boolean {
  return force === false && top.behind.kind !== 'absent';
}

/** Why the tree cannot be copied. */
export function refuseRemoteTree(want: RemoteTree, have: RemoteTreeState): readonly string[] {
  if (leftAlone(want, have)) return [];
  const top = remoteTop(want);
  const source = posix.normalize(`${want.src}/`);
  if (`${top}/`.startsWith(source) && `${top}/` !== source)
    return [`${top} lies inside ${want.src}: a directory cannot be copied into itself`];
  if (top === '/' && owned(want))
    return ['owner and group are those of all in dest, which is the whole system'];
  const { kind } = have.top.behind;
  if (kind !== 'absent' && kind !== 'directory')
    return [`${top} is a ${kind} on the host, not a directory; remove it first`];
  if (have.dest.behind.kind !== 'absent' && have.dest.behind.kind !== 'directory')
    return [`${want.dest} is a ${have.dest.behind.kind} on the host, not a directory; remove it first`];
  if (have.top.stat.kind === 'link' && !want.src.endsWith('/') && !want.follow)
    return [
      `${top} is a link on the host, and ${want.src} a directory; follow: true copies to where it leads`,
    ];
  return [...have.source.values()].flatMap((entry) => entryFaults(want, top, entry, have));
}

function entryFaults(
  want: RemoteTree,
  top: string,
  { name, stat, sum }: TreeEntry,
  have: RemoteTreeState,
): readonly string[] {
  const at = posix.join(top, name);
  if (stat.kind !== 'file' && stat.kind !== 'directory' && stat.kind !== 'link')
    return [`${posix.join(want.src, name)} is a ${stat.kind}; only files, directories and links are copied`];
  const there = have.there.get(name);
  if (!there || there.stat.kind === stat.kind) return [];
  // As with Ansible files are compared through a link, but one that differs is not written through it.
  if (stat.kind === 'file' && there.stat.kind === 'link' && there.sum === sum) return [];
  const hint = stat.kind === 'link' ? ', or say local_follow: true' : '';
  return [`${at} is a ${there.stat.kind} on the host, not a ${stat.kind}; remove it first${hint}`];
}

/** Owner, group and mode of the directory itself. */
export function topOwnership(want: RemoteTree, have: RemoteTreeState): Ownership {
  const { owner, group, mode } = want;
  const own = modeText(have.source.get('')?.stat.mode ?? directoryMode);
  if (mode === 'preserve') return { owner, group, mode: own };
  const made = mode === undefined && have.top.behind.kind === 'absent';
  return { owner, group, mode: made ? (madeMode(want, have) ?? own) : mode };
}

// As with Ansible a directory that is made has the mode of its source, but where one is made for it beforehand.
function madeMode({ src, dest, directoryMode: said }: RemoteTree, have: RemoteTreeState): string | undefined {
  if (dest.endsWith('/')) return src.endsWith('/') ? (said ?? modeText(directoryMode)) : undefined;
  return !src.endsWith('/') && have.dest.behind.kind === 'absent' ? modeText(directoryMode) : undefined;
}

/** What of the tree is owned by others than those that are wanted. */
export function ownerChanges({ owner, group }: RemoteTree, { there }: RemoteTreeState): readonly Change[] {
  const entries = [...there.values()].map(({ stat }) => ({
    directory: stat.kind === 'directory',
    link: stat.kind === 'link',
    mode: stat.mode,
    uid: String(stat.uid),
    gid: String(stat.gid),
    owner: stat.owner,
    group: stat.group,
    count: 1,
  }));
  return treeChanges({ owner, group }, entries);
}

/** What differs, each change under the name of its file, directory or link. */
export function diffRemoteTree(want: RemoteTree, have: RemoteTreeState): readonly Change[] {
  const there = have.top.behind.kind !== 'absent';
  if (leftAlone(want, have)) return [];
  const { mode } = topOwnership(want, have);
  const top: readonly Change[] = there
    ? ownershipChanges({ mode }, have.top.behind)
    : [
        { attribute: 'state', from: 'absent', to: 'directory' },
        ...ownershipChanges(topOwnership(want, have), have.top.behind, directoryMode),
      ];
  const entries = copiedEntries(have).map(({ name, stat, sum, points }): Change => {
    const before = have.there.get(name);
    if (!before) return { attribute: name, from: 'absent', to: stat.kind };
    if (stat.kind === 'link')
      return { attribute: name, from: `link to ${before.points}`, to: `link to ${points}` };
    return { attribute: name, from: short(before.sum), to: short(sum) };
  });
  return [...top, ...entries, ...ownerChanges(want, have)];
}

function short(sum: string | undefined): string {
  return `sha256:${sum?.slice(0, 12)}`;
}

/** What `register` sees, as Ansible has it: the sums of a directory are null. */
export function remoteTreeResult(
  want: RemoteTree,
  have: RemoteTreeState,
  before: RemoteTreeState,
): { readonly [key: string]: Json } {
  const { src, dest } = want;
  const into = before.dest.behind.kind === 'directory' || dest.endsWith('/');
  const left = leftAlone(want, before);
  const stat = have.top.behind;
  return {
    src,
    dest: into ? posix.join(dest, src.endsWith('/') ? '/' : posix.basename(src)) : dest,
    ...(left ? { msg: 'file already exists' } : { checksum: null, md5sum: null }),
    state: 'directory',
    ...(stat.kind === 'directory' && { size: stat.size }),
    ...ownershipResult(left ? {} : topOwnership(want, have), stat, directoryMode),
  };
}
