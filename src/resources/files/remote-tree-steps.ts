import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { makeDirectoryScript, ownScript, savedKey } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { Change } from '../resource.ts';
import type { Step } from '../step.ts';
import { settledOwnership } from './file-ownership.ts';
import { directoryMode } from './file-state.ts';
import {
  copiedEntries,
  ownerChanges,
  type RemoteTree,
  type RemoteTreeState,
  remoteTop,
  topOwnership,
} from './remote-tree.ts';
import type { TreeEntry } from './remote-tree-listing.ts';

// What one process gets as arguments, in characters.
const most = 60_000;

// Commands that do the same to many paths, each with as many as every kernel takes.
function commands(paths: readonly string[], command: (words: string) => string): readonly string[] {
  const lines: string[] = [];
  let words = '';
  for (const word of paths.map(quote)) {
    if (words !== '' && words.length + word.length > most) {
      lines.push(command(words));
      words = '';
    }
    words += words === '' ? word : ` ${word}`;
  }
  return words === '' ? lines : [...lines, command(words)];
}

function grouped<Key extends string | number>(
  entries: readonly TreeEntry[],
  key: (entry: TreeEntry) => Key,
): ReadonlyMap<Key, readonly TreeEntry[]> {
  const groups = new Map<Key, TreeEntry[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry));
    if (group) group.push(entry);
    else groups.set(key(entry), [entry]);
  }
  return groups;
}

// Notes for a rollback what is not there yet, without a process for each; of what is replaced a copy is kept.
function saving(top: string, entries: readonly TreeEntry[], have: RemoteTreeState): readonly string[] {
  const at = ({ name }: TreeEntry) => posix.join(top, name);
  const there = ({ name }: TreeEntry) => have.there.has(name);
  const fresh = entries.filter((entry) => !there(entry));
  const kept = entries.filter(there).map((one) => `provision_keep ${savedKey(at(one))} ${quote(at(one))}`);
  return [
    'if [ -n "$provision_saved" ]; then ( umask 077; mkdir -p -- "$provision_saved" || exit 1',
    `provision_note() { [ -e "$provision_saved/$1.path" ] || printf '%s' "$2" >"$provision_saved/$1.path"; }`,
    ...fresh.map((one) => `provision_note ${savedKey(at(one))} ${quote(at(one))} || exit 1`),
    ') || exit 1; fi',
    ...kept.map((line) => `${line} || exit 1`),
  ];
}

// Copies what is missing or differs beside its place, flushes it and renames it: a handful of processes for each directory.
function copying(want: RemoteTree, top: string, have: RemoteTreeState): readonly string[] {
  const copied = copiedEntries(have);
  const fresh = new Set(copied.filter(({ name }) => !have.there.has(name)).map(({ name }) => name));
  // What is in a directory that is made comes with it.
  const tops = copied.filter(({ name }) => !fresh.has(posix.dirname(name)));
  if (tops.length === 0) return [];
  const groups = [...grouped(tops, ({ name }) => posix.dirname(name))];
  const stage = posix.join(top, `.provision-${randomBytes(8).toString('hex')}`);
  const staged = new Map(groups.flatMap(([, list], index) => list.map(({ name }) => [name, index] as const)));
  const place = (name: string): string => {
    const index = staged.get(name);
    if (index !== undefined) return posix.join(String(index), posix.basename(name));
    return posix.join(place(posix.dirname(name)), posix.basename(name));
  };
  const base = (list: readonly TreeEntry[]) => list.map(({ name }) => `./${posix.basename(name)}`);
  const option = want.localFollow === true ? '-L' : '-P';
  const special = grouped(
    copied.filter(({ stat }) => stat.kind !== 'link' && stat.mode > 0o777),
    ({ stat }) => stat.mode,
  );
  const replaced = grouped(
    tops.filter(({ name }) => have.there.has(name)),
    ({ name }) => {
      const stat = have.there.get(name)?.stat;
      return `${stat?.uid}:${stat?.gid}`;
    },
  );
  return [
    `provision_stage=${quote(stage)}`,
    `trap 'rm -rf -- "$provision_stage"' EXIT`,
    "trap 'exit 129' HUP INT TERM",
    '( umask 077; mkdir -- "$provision_stage" && cd -- "$provision_stage" &&',
    `  mkdir -- ${groups.map((_group, index) => index).join(' ')} ) || exit 1`,
    // Without umask a copy has the mode of its source, and is owned by who copies; times are kept where cp can.
    'provision_copy() { ( umask 0; cp -R "$@" ); }',
    ...groups.flatMap(([directory, list], index) =>
      commands(base(list), (words) => {
        const to = `"$provision_stage/${index}"`;
        const cp = (times: string) => `provision_copy ${option}${times} -- ${words} ${to}`;
        const from = quote(posix.join(want.src, directory));
        return `( cd -- ${from} && { ${cp(' --preserve=timestamps')} 2>/dev/null || ${cp('')}; } ) || exit 1`;
      }),
    ),
    ...[...replaced].flatMap(([owner, list]) =>
      commands(
        list.map(({ name }) => place(name)),
        (words) => `( cd -- "$provision_stage" && chown -h -- ${owner} ${words} ) || exit 1`,
      ),
    ),
    ...[...special].flatMap(([mode, list]) =>
      commands(
        list.map(({ name }) => place(name)),
        (words) => `( cd -- "$provision_stage" && chmod -- ${mode.toString(8)} ${words} ) || exit 1`,
      ),
    ),
    'find "$provision_stage" -type f -exec sync {} + || exit 1',
    ...groups.flatMap(([directory, list], index) =>
      commands(base(list), (words) => {
        const to = quote(`${posix.join(top, directory)}/`);
        return `( cd -- "$provision_stage/${index}" && mv -f -- ${words} ${to} ) || exit 1`;
      }),
    ),
    'rm -rf -- "$provision_stage" && trap - EXIT',
  ];
}

/** What copies a tree, or only sets who owns it. */
export function writeRemoteTree(
  want: RemoteTree,
  changes: readonly Change[],
  have: RemoteTreeState,
): readonly Step[] {
  if (changes.length === 0) return [];
  const top = remoteTop(want);
  const made = have.top.behind.kind === 'absent';
  const target = quote(`${top}/`);
  const { mode } = settledOwnership(topOwnership(want, have), have.top.behind, directoryMode);
  const copied = copiedEntries(have);
  const owner = [want.owner, want.group]
    .map((name) => name ?? '')
    .join(':')
    .replace(/:$/, '');
  const owning = owner !== '' && (made || copied.length > 0 || ownerChanges(want, have).length > 0);
  const lines = [
    ...(made ? making(want, top, mode, have) : []),
    ...(copied.length > 0 ? saving(top, copied, have) : []),
    ...copying(want, top, have),
    ...(owning && !made ? [`provision_keep ${savedKey(top)} ${target} provision_tree || exit 1`] : []),
    ...(owning ? [`chown -hR -- ${quote(owner)} ${target} || exit 1`] : []),
    ...(made || mode === undefined ? [] : [ownScript(top, { mode })]),
  ];
  return [{ kind: 'script', script: lines.join('\n') }];
}

// Ansible makes the directories above a `dest` with a trailing `/` only.
function making(
  want: RemoteTree,
  top: string,
  mode: string | undefined,
  have: RemoteTreeState,
): readonly string[] {
  const { owner, group, dest, directoryMode: said } = want;
  const place = posix.normalize(dest).replace(/(?<=.)\/$/, '');
  const made = makeDirectoryScript(top, { mode });
  if (have.dest.behind.kind !== 'absent') return [made];
  if (dest.endsWith('/')) return [makeDirectoryScript(place, { owner, group, mode: said }), made];
  const parent = quote(posix.dirname(place));
  return [
    `[ -d ${parent} ] || { printf 'the directory %s does not exist\\n' ${parent} >&2; exit 1; }`,
    ...(place === top
      ? []
      : [makeDirectoryScript(place, { owner, group, mode: want.mode === undefined ? undefined : mode })]),
    made,
  ];
}
