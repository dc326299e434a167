import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath, replacementArguments } from './argument-schemas.ts';
import { filePremises } from './files/file-premises.ts';
import { type Assembly, assembled, assemblyFault } from './files/fragments.ts';
import { listFilesCode, readListedFiles } from './files/listed-files.ts';
import { shownBytes } from './files/shown-text.ts';
import {
  diffWholeFile,
  refuseWholeFile,
  type WholeFile,
  type WholeFileState,
  wholeFileKeys,
  wholeFileResult,
  writeWholeFile,
} from './files/whole-file.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    src: hostPath('the directory whose files become one'),
    dest: hostPath('the file that they become'),
    delimiter: Type.Optional(
      Type.String({ description: 'what stands between two files, a line of its own' }),
    ),
    regexp: Type.Optional(
      Type.String({ description: 'regular expression of Python: only names in which it is found' }),
    ),
    ignore_hidden: Type.Optional(
      Type.Boolean({ default: false, description: 'leave out names that begin with a dot' }),
    ),
    remote_src: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'the directory is on the host; false, a directory of the control node, is refused',
      }),
    ),
    decrypt: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted: files of a host are taken as they are' }),
    ),
    ...replacementArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly source: FileStat;
  readonly content: Buffer;
  readonly file: WholeFileState;
}

function assembly({ delimiter, regexp, ignore_hidden }: Arguments): Assembly {
  return { delimiter, regexp, ignoreHidden: ignore_hidden };
}

function whole(want: Arguments, { content }: State): WholeFile {
  return { ...want, name: undefined, content };
}

function faults(want: Arguments): readonly string[] {
  if (want.remote_src === false)
    return ['remote_src: false is not supported: use template with a loop, or copy the directory first'];
  const fault = assemblyFault(assembly(want));
  return fault === undefined ? [] : [fault];
}

// The names of dot files too, but neither . nor .. .
function listScript(src: string): string {
  const inside = (pattern: string) => `${quote(posix.join(src, '/'))}${pattern}`;
  return `${printFunction}\n${listFilesCode(['*', '.[!.]*', '..?*'].map(inside).join(' '))}`;
}

/** One file made of all files of a directory. */
export const assemble: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'assemble',
  summary: 'Make one file of all files in a directory of the host',
  schema,
  gives: ['src', ...wholeFileKeys],
  effect: 'contained',
  paths: ({ src, dest }) => [posix.join(src, '/'), posix.normalize(dest)],
  probe(want, { contents }) {
    const text = contents ? { most: shownBytes } : undefined;
    const asks = {
      source: path(want.src, { follow: true }),
      listed: script(listScript(want.src)),
      file: path(want.dest, { sum: 'sha256', text }),
    };
    return asking(asks, ({ source, listed, file }) => {
      const files = readListedFiles(new Answer(listed, want.src), contents);
      const fragments = files.map(({ target, content }) => ({
        name: posix.basename(target),
        content: content ?? Buffer.alloc(0),
      }));
      const nothing = contents && file.stat.kind === 'absent' ? Buffer.alloc(0) : undefined;
      const { target, stat, sum: sha256 } = file;
      return {
        source: source.stat,
        content: assemblyFault(assembly(want)) ? Buffer.alloc(0) : assembled(fragments, assembly(want)),
        file: { target, stat, sha256, before: file.content ?? nothing },
      };
    });
  },
  reliesOn: ({ src }) => [posix.join(src, '/'), posix.normalize(src)],
  faults,
  refuse(want, have) {
    if (have.source.kind === 'absent') return [`Source (${want.src}) does not exist`];
    if (have.source.kind !== 'directory') return [`Source (${want.src}) is not a directory`];
    return refuseWholeFile(whole(want, have), have.file);
  },
  premises: (want) => filePremises(want, want.dest),
  diff: (want, have) => diffWholeFile(whole(want, have), have.file),
  steps: (want, changes, have) => writeWholeFile(whole(want, have), changes, have.file),
  result: (want, have, outputs) => ({
    ...wholeFileResult(whole(want, have), have.file, outputs),
    src: want.src,
    md5sum: createHash('md5').update(have.content).digest('hex'),
    msg: 'OK',
  }),
};
