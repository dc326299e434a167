import { posix } from 'node:path';
import type { FileStat } from '../../probes/file-stat.ts';
import { path } from '../../probes/path.ts';
import type { PathAnswer } from '../../probes/path-answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { ProbeError } from '../../probes/probe-error.ts';
import { makeDirectoryScript, type Ownership } from '../../shell/put.ts';
import type { Change, Json, ProbeOptions, SourceTree } from '../resource.ts';
import type { Step } from '../step.ts';
import { ownershipChanges, ownershipStep } from './file-ownership.ts';
import {
  diffWholeFile,
  probeWholeFile,
  refuseWholeFile,
  type WholeFile,
  type WholeFileState,
  writeWholeFile,
} from './whole-file.ts';

/** A directory of the control node that is wanted on a host. */
export interface CopiedTree extends Omit<WholeFile, 'name' | 'content'> {
  /** With a trailing `/` what is in the directory goes into `dest`, else the directory itself. */
  readonly src: string;
  readonly source: SourceTree;
}

/** What is there instead. */
export interface CopiedTreeState {
  readonly top: FileStat;
  /** In the order of the wanted directories, and of the wanted files. */
  readonly directories: readonly FileStat[];
  readonly files: readonly WholeFileState[];
}

function topOf({ src, dest }: CopiedTree): string {
  return posix
    .normalize(src.endsWith('/') ? dest : posix.join(dest, posix.basename(src)))
    .replace(/(.)\/$/, '$1');
}

function wantedFiles(want: CopiedTree): readonly WholeFile[] {
  const { source, src: _, mode, ...rest } = want;
  return source.files.map(({ name, content, mode: own }) => ({
    ...rest,
    mode: mode === 'preserve' ? own.toString(8).padStart(4, '0') : mode,
    dest: posix.join(topOf(want), name),
    name: undefined,
    content: Buffer.from(content),
  }));
}

function ownershipOf({ owner, group, directoryMode: mode }: CopiedTree): Ownership {
  return { owner, group, mode };
}

/** Every path of the host that copying the tree may alter. */
export function treePaths(want: CopiedTree): readonly string[] {
  const top = topOf(want);
  const { files, directories } = want.source;
  return [top, ...[...directories, ...files.map(({ name }) => name)].map((name) => posix.join(top, name))];
}

/** Asks for all files and directories of the tree. */
export function probeTree(want: CopiedTree, options: ProbeOptions): Probe<CopiedTreeState> {
  const top = topOf(want);
  const directories = [top, ...want.source.directories.map((name) => posix.join(top, name))];
  const files = wantedFiles(want).map((file) => probeWholeFile(file, options));
  return {
    asks: [...directories.map((one) => path(one)), ...files.flatMap(({ asks }) => asks)],
    read(answers) {
      const stats = answers.slice(0, directories.length).map((answer) => {
        if (answer instanceof ProbeError) throw answer;
        return (answer as PathAnswer).behind;
      });
      const [first, ...others] = stats;
      if (!first) throw new Error('the top of a tree was not asked for');
      let next = directories.length;
      const states = files.map(({ asks, read }) => {
        next += asks.length;
        return read(answers.slice(next - asks.length, next));
      });
      return { top: first, directories: others, files: states };
    },
  };
}

/** Why the tree cannot be written there. */
export function refuseTree(want: CopiedTree, have: CopiedTreeState): readonly string[] {
  const [top = '', ...below] = treePaths(want);
  const stats = [have.top, ...have.directories];
  const wrong = stats.flatMap(({ kind }, index) =>
    kind === 'absent' || kind === 'directory'
      ? []
      : [
          `${index === 0 ? top : below[index - 1]} is a ${kind} on the host, not a directory; remove it first`,
        ],
  );
  return [...wrong, ...wantedFiles(want).flatMap((file, index) => faultsOf(file, have.files[index]))];
}

function faultsOf(file: WholeFile, have: WholeFileState | undefined): readonly string[] {
  return have ? refuseWholeFile(file, have) : [];
}

/** What differs, each change under the name of its file or directory. */
export function diffTree(want: CopiedTree, have: CopiedTreeState): readonly Change[] {
  const { files, directories } = want.source;
  const top: Change[] =
    have.top.kind === 'absent' ? [{ attribute: topOf(want), from: 'absent', to: 'directory' }] : [];
  return [
    ...top,
    ...directories.flatMap((name, index) => named(name, directoryChanges(want, have.directories[index]))),
    ...wantedFiles(want).flatMap((file, index) => {
      const state = have.files[index];
      return state ? named(files[index]?.name ?? '', diffWholeFile(file, state)) : [];
    }),
  ];
}

function directoryChanges(want: CopiedTree, stat: FileStat | undefined): readonly Change[] {
  if (stat?.kind !== 'directory') return [{ attribute: 'state', from: 'absent', to: 'directory' }];
  return ownershipChanges(ownershipOf(want), stat);
}

function named(name: string, changes: readonly Change[]): readonly Change[] {
  // Who owns a file that is made goes without saying.
  const made = changes.find(({ attribute }) => attribute === 'state');
  return (made ? [made] : changes).map((change) => ({
    ...change,
    attribute: made || change.attribute === 'content' ? name : `${name} ${change.attribute}`,
  }));
}

/** What makes the directories, those above first, and writes the files. */
export function writeTree(want: CopiedTree, changes: readonly Change[], have: CopiedTreeState): Step[] {
  if (changes.length === 0) return [];
  const top = topOf(want);
  const ownership = ownershipOf(want);
  const missing = have.top.kind === 'absent' ? [makeDirectoryScript(top, ownership)] : [];
  return [
    ...missing.map((script): Step => ({ kind: 'script', script })),
    ...want.source.directories.flatMap((name, index): Step[] => {
      const target = posix.join(top, name);
      const stat = have.directories[index];
      if (stat?.kind !== 'directory')
        return [{ kind: 'script', script: makeDirectoryScript(target, ownership) }];
      return directoryChanges(want, stat).length > 0 ? [ownershipStep(target, ownership, stat)] : [];
    }),
    ...wantedFiles(want).flatMap((file, index) => {
      const state = have.files[index];
      return state ? writeWholeFile(file, diffWholeFile(file, state), state) : [];
    }),
  ];
}

/** What `register` sees. */
export function treeResult({ dest, src, source }: CopiedTree): { readonly [key: string]: Json } {
  return {
    dest: dest.endsWith('/') ? dest : `${dest}/`,
    src: src.endsWith('/') ? `${source.path}/` : source.path,
  };
}
