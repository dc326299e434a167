import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { meantPaths } from '../probes/path-question.ts';
import { pythonJson } from '../python/python-json.ts';
import { WholeFloat } from '../python/whole-float.ts';
import {
  expandedOnHost,
  hostPath,
  modePattern,
  modeWords,
  needsOneOf,
  notBoth,
  replacementArguments,
} from './argument-schemas.ts';
import {
  type CopiedTree,
  type CopiedTreeState,
  diffTree,
  probeTree,
  refuseTree,
  treePaths,
  treeResult,
  writeTree,
} from './files/copied-tree.ts';
import { filePremises } from './files/file-premises.ts';
import {
  diffRemoteFile,
  probeRemoteFile,
  type RemoteFile,
  type RemoteFileState,
  refuseRemoteFile,
  remoteFileResult,
  writeRemoteFile,
} from './files/remote-file.ts';
import {
  diffRemoteTree,
  probeRemoteTree,
  type RemoteTree,
  type RemoteTreeState,
  refuseRemoteTree,
  remoteTop,
  remoteTreeResult,
} from './files/remote-tree.ts';
import { writeRemoteTree } from './files/remote-tree-steps.ts';
import {
  diffWholeFile,
  oncePerArguments,
  probeWholeFile,
  refuseWholeFile,
  type WholeFile,
  type WholeFileState,
  wholeFileKeys,
  wholeFileResult,
  writeWholeFile,
} from './files/whole-file.ts';
import type { HostResource, SourceFile, SourceTree } from './resource.ts';

const schema = Type.Object(
  {
    src: Type.Optional(
      Type.String({
        ...expandedOnHost,
        minLength: 1,
        description:
          'file or directory of the control node, looked for in `files/`; of one with a trailing / what is in it; with `remote_src` an absolute path on the host',
      }),
    ),
    content: Type.Optional(
      Type.Any({
        description: 'the content itself, in place of `src`; a mapping or list is written as JSON',
      }),
    ),
    dest: hostPath('where the file goes; a directory, or a path ending in /, takes it under its own name'),
    ...replacementArguments,
    checksum: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Fa-f]{40}$',
        description: 'SHA-1 that the content must have, not with `remote_src`',
      }),
    ),
    mode: Type.Optional(
      Type.String({
        pattern: `${modePattern}|^preserve$`,
        description: `${modeWords}; with \`remote_src\`, and of a directory, also preserve`,
      }),
    ),
    directory_mode: Type.Optional(
      Type.String({
        pattern: modePattern,
        description:
          'mode of directories made for a `dest` ending in /, and of those below a directory, written like `mode`',
      }),
    ),
    remote_src: Type.Optional(
      Type.Boolean({
        default: false,
        description: '`src` is on the host already; its content does not travel',
      }),
    ),
    force: Type.Optional(
      Type.Boolean({ default: true, description: 'false leaves a file that is there as it is' }),
    ),
    follow: Type.Optional(
      Type.Boolean({ default: false, description: 'true writes the file that a link at `dest` points to' }),
    ),
    local_follow: Type.Optional(
      Type.Boolean({
        description:
          'whether links below a directory are followed: they are in one of the control node; with `remote_src` they are copied as links without it',
      }),
    ),
  },
  {
    additionalProperties: false,
    ...needsOneOf('src', 'content'),
    ...notBoth('src', 'content'),
  },
);

type Arguments = Static<typeof schema> & {
  readonly source_file?: SourceFile;
  readonly source_tree?: SourceTree;
};
type State =
  | { readonly kind: 'whole'; readonly file: WholeFileState }
  | { readonly kind: 'tree'; readonly tree: CopiedTreeState }
  | { readonly kind: 'remote'; readonly file: RemoteFileState; readonly tree: RemoteTreeState | undefined };

function bytesOf(content: unknown): Buffer {
  if (typeof content === 'string') return Buffer.from(content);
  if (content === null || content === undefined) return Buffer.from('');
  // As Ansible: lists and mappings as its JSON, everything else in Python's words.
  if (typeof content === 'object' && !(content instanceof WholeFloat))
    return Buffer.from(pythonJson(content));
  return Buffer.from(typeof content === 'boolean' ? (content ? 'True' : 'False') : String(content));
}

const whole = oncePerArguments(({ source_file, ...want }: Arguments): WholeFile => {
  return {
    ...want,
    name: want.src === undefined ? undefined : posix.basename(want.src),
    content: source_file ? Buffer.from(source_file.content) : bytesOf(want.content),
    directoryMode: want.directory_mode,
  };
});

function treeOf({ source_tree: source, ...want }: Arguments): CopiedTree | undefined {
  return source && { ...want, source, src: want.src ?? '', directoryMode: want.directory_mode };
}

function remote(want: Arguments): RemoteFile {
  return { ...want, src: want.src ?? '', directoryMode: want.directory_mode };
}

function remoteTree(want: Arguments): RemoteTree {
  const { src = '', directory_mode: directoryMode, local_follow: localFollow, ...rest } = want;
  return { ...rest, src, directoryMode, localFollow };
}

// What the arguments alone show to be wrong, whatever is on the host.
function faults(want: Arguments): readonly string[] {
  if (want.remote_src && !want.src?.startsWith('/')) {
    return [`with remote_src, src must be an absolute path on the host, not ${want.src ?? 'missing'}`];
  }
  if (want.mode === 'preserve' && !want.remote_src && !want.source_tree) {
    return ['mode: preserve works with remote_src and for directories only; name the mode in octal'];
  }
  if (want.local_follow === false && !want.remote_src && want.source_tree)
    return [
      'local_follow: false is not supported for a directory of the control node: its links are followed',
    ];
  if (want.checksum !== undefined && (want.remote_src || want.source_tree))
    return ['checksum goes with a file or content of the control node only: leave it out'];
  const sum = want.checksum?.toLowerCase();
  const found = sum && createHash('sha1').update(whole(want).content).digest('hex');
  if (sum !== found)
    return [`the content has the SHA-1 ${found}, not ${sum}: it is another file than was meant`];
  if (want.content !== undefined && want.dest.endsWith('/')) {
    return [`dest ${want.dest} names a directory; with content it must name the file`];
  }
  return [];
}

/** Writes a file from the control node, from the playbook, or from elsewhere on the host. */
export const copy: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'copy',
  summary: 'Write a file: content from the playbook, a file of the control node, or a file of the host',
  schema,
  gives: ['src', ...wholeFileKeys],
  effect: 'contained',
  source: { argument: 'src', folder: 'files', render: false, unless: { remote_src: true }, tree: true },
  paths: (want) => {
    const tree = treeOf(want);
    if (tree) return treePaths(tree);
    const paths = meantPaths(want.dest, want.src === undefined ? undefined : posix.basename(want.src));
    if (!want.remote_src || want.src === undefined) return paths;
    const src = posix.normalize(want.src);
    // Either may be a directory: who knows is the host.
    return [...paths, src, posix.normalize(`${remoteTop(remoteTree(want))}/`), posix.normalize(`${src}/`)];
  },
  probe(want, options) {
    const tree = treeOf(want);
    if (tree) {
      const { asks, read } = probeTree(tree, options);
      return { asks, read: (answers) => ({ kind: 'tree', tree: read(answers) }) };
    }
    if (want.remote_src) {
      const one = probeRemoteFile(remote(want));
      const all = probeRemoteTree(remoteTree(want));
      const count = one.asks.length;
      return {
        asks: [...one.asks, ...all.asks],
        read(answers) {
          const tree = all.read(answers.slice(count));
          return { kind: 'remote', file: one.read(answers.slice(0, count)), tree };
        },
      };
    }
    const { asks, read } = probeWholeFile(whole(want), options);
    return { asks, read: (answers) => ({ kind: 'whole', file: read(answers) }) };
  },
  premises: (want) => filePremises(want, want.source_tree ? undefined : want.dest),
  refuse(want, have) {
    const wrong = faults(want);
    if (wrong.length > 0) return wrong;
    const tree = treeOf(want);
    if (tree && have.kind === 'tree') return refuseTree(tree, have.tree);
    if (have.kind === 'remote' && have.tree) return refuseRemoteTree(remoteTree(want), have.tree);
    if (have.kind === 'remote') return refuseRemoteFile(remote(want), have.file);
    return have.kind === 'whole' ? refuseWholeFile(whole(want), have.file) : [];
  },
  diff(want, have) {
    const tree = treeOf(want);
    if (tree && have.kind === 'tree') return diffTree(tree, have.tree);
    if (have.kind === 'remote' && have.tree) return diffRemoteTree(remoteTree(want), have.tree);
    if (have.kind === 'remote') return diffRemoteFile(remote(want), have.file);
    return have.kind === 'whole' ? diffWholeFile(whole(want), have.file) : [];
  },
  steps(want, changes, have) {
    const tree = treeOf(want);
    if (tree && have.kind === 'tree') return writeTree(tree, changes, have.tree);
    if (have.kind === 'remote' && have.tree) return writeRemoteTree(remoteTree(want), changes, have.tree);
    if (have.kind === 'remote') return writeRemoteFile(remote(want), changes, have.file);
    return have.kind === 'whole' ? writeWholeFile(whole(want), changes, have.file) : [];
  },
  result(want, have, outputs, before) {
    const tree = treeOf(want);
    if (tree) return treeResult(tree);
    if (have.kind === 'remote' && have.tree) {
      const first = before?.kind === 'remote' ? before.tree : undefined;
      return remoteTreeResult(remoteTree(want), have.tree, first ?? have.tree);
    }
    if (have.kind === 'remote') return remoteFileResult(remote(want), have.file, outputs);
    const file = have.kind === 'whole' ? wholeFileResult(whole(want), have.file, outputs) : {};
    return { ...(want.src !== undefined && { src: want.src }), ...file };
  },
};
