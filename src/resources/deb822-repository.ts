import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { isArmored } from './apt/openpgp-keys.ts';
import { modePattern, modeWords } from './argument-schemas.ts';
import { fetchCode } from './files/download.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFile,
  editedFileState,
  writeEditedFile,
} from './files/edited-file.ts';
import { ownershipResult } from './files/file-ownership.ts';
import { fileRemoval } from './files/file-removal.ts';
import { shownText } from './files/shown-text.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const line = '^[^\\n\\u0000]*$';
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const list = (description: string) =>
  Type.Optional(Type.Array(Type.String({ pattern: '^[^\\s\\u0000]+$' }), { description }));

const fields = {
  allow_downgrade_to_insecure: flag('a repository that was signed may lose its signature'),
  allow_insecure: flag('a repository without a valid signature is used, with a warning'),
  allow_weak: flag('weak algorithms of signatures are enough'),
  architectures: list('architectures to fetch; those of the host without it'),
  by_hash: flag('fetch files by their sums; force is not taken'),
  check_date: flag('false: the clock of this machine is not believed'),
  check_valid_until: flag('false: a repository that is out of date is used'),
  components: list('components, as in main'),
  date_max_future: Type.Optional(
    Type.Integer({ description: 'seconds that a repository may come from the future' }),
  ),
  enabled: flag('false: apt does not use it'),
  exclude: list('packages that are not taken from it'),
  include: list('packages that alone are taken from it'),
  inrelease_path: Type.Optional(
    Type.String({ pattern: line, description: 'where its InRelease is, from the address of the suite' }),
  ),
  languages: list('languages of descriptions to fetch, or none'),
  name: Type.String({ pattern: '[A-Za-z0-9]', description: 'what it is called; its file has this name' }),
  pdiffs: flag('fetch changes of the package lists only'),
  signed_by: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'the key that signs it: address, path on the host, or the key itself as text',
    }),
  ),
  suites: list('suites, as in bookworm'),
  targets: list('kinds of indexes to fetch'),
  trusted: flag('true: nothing is checked, false: never'),
  types: Type.Optional(
    Type.Array(Type.Enum(['deb', 'deb-src']), {
      default: ['deb'],
      description: 'packages, sources, or both',
    }),
  ),
  uris: list('addresses of the repository'),
};

const schema = Type.Object(
  {
    ...fields,
    mode: Type.Optional(Type.String({ pattern: modePattern, default: '0644', description: modeWords })),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    install_python_debian: Type.Optional(
      Type.Boolean({ default: false, description: 'accepted: hosts need no Python' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly file: EditedFileState;
  /** The keys that a `signed_by` with an address left, as text and as bytes. */
  readonly asc: EditedFileState;
  readonly gpg: EditedFileState;
  readonly fetched: Buffer | undefined;
  readonly failure: string | undefined;
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[_\s]+/g, '-')
    .replaceAll(/[^a-z0-9-]+/g, '');
}

function sourcesPath({ name }: Arguments): string {
  return posix.join('/etc/apt/sources.list.d', `${slugOf(name)}.sources`);
}

function keyPath({ name }: Arguments, ending: 'asc' | 'gpg'): string {
  return posix.join('/etc/apt/keyrings', `${slugOf(name)}.${ending}`);
}

function webKey({ signed_by = '', state }: Arguments): string | undefined {
  return state !== 'absent' && /^[a-z]+:\/\//.test(signed_by) ? signed_by : undefined;
}

function keyFile(have: State): EditedFileState | undefined {
  if (!have.fetched) return undefined;
  return isArmored(have.fetched) ? have.asc : have.gpg;
}

function fieldName(argument: string): string {
  if (argument === 'name') return 'X-Repolib-Name';
  if (argument === 'uris') return 'URIs';
  return argument.replace(
    /(^|_)([a-z])/g,
    (_all, mark: string, letter: string) => `${mark && '-'}${letter.toUpperCase()}`,
  );
}

function several(text: string): string {
  if (!text.includes('\n')) return text;
  return text
    .trim()
    .split('\n')
    .map((one) => `\n ${one.trim() || '.'}`)
    .join('');
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(' ') : several(String(value));
}

function written(want: Arguments, have: State): string {
  const all: Readonly<Record<string, unknown>> = {
    types: ['deb'],
    ...want,
    ...(have.fetched && { signed_by: keyFile(have)?.target }),
  };
  const lines = Object.keys(fields)
    .toSorted()
    .flatMap((argument) => {
      const value = all[argument];
      if (value === undefined) return [];
      const text = textOf(value);
      return [`${fieldName(argument)}:${text.startsWith('\n') ? '' : ' '}${text}\n`];
    });
  return lines.join('');
}

interface Wanted {
  readonly file: EditedFileState;
  readonly content: Buffer;
  readonly mode: string;
}

function wantedFiles(want: Arguments, have: State): readonly Wanted[] {
  const key = keyFile(have);
  const sources = { file: have.file, content: Buffer.from(written(want, have)), mode: want.mode ?? '0644' };
  return key && have.fetched ? [{ file: key, content: have.fetched, mode: '0644' }, sources] : [sources];
}

function changesOf({ file, content, mode }: Wanted): readonly Change[] {
  return diffEditedFile({ path: file.target, mode }, file, content);
}

function gone(have: State): readonly EditedFileState[] {
  return [have.file, have.asc, have.gpg].filter(({ stat }) => stat.kind !== 'absent');
}

/** A repository of apt, in a file of its own. */
export const deb822Repository: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'deb822_repository',
  summary: 'Have apt use a repository, by a .sources file',
  schema,
  effect: 'contained',
  paths: (want) => [sourcesPath(want), keyPath(want, 'asc'), keyPath(want, 'gpg')],
  probe(want, { contents }) {
    const web = webKey(want);
    const asks = {
      file: editedFile(sourcesPath(want)),
      asc: editedFile(keyPath(want, 'asc')),
      gpg: editedFile(keyPath(want, 'gpg')),
      fetched: web === undefined ? undefined : script(`${fetchCode({ url: web })} | base64 | tr -d '\\n'`),
    };
    return asking(asks, ({ file, asc, gpg, fetched }) => ({
      file: editedFileState(file, contents),
      asc: editedFileState(asc, false),
      gpg: editedFileState(gpg, false),
      fetched: fetched && fetched.stdout !== '' ? Buffer.from(fetched.stdout, 'base64') : undefined,
      failure: fetched && fetched.stdout === '' ? fetched.stderr.trim() || 'nothing came' : undefined,
    }));
  },
  refuse(want, { file, failure }) {
    if (failure !== undefined) return [`Could not fetch signed_by key ${want.signed_by}: ${failure}`];
    return file.stat.kind === 'absent' || file.content !== undefined
      ? []
      : [`${file.target} is not a small file on the host: see what is there`];
  },
  diff(want, have) {
    if (want.state !== 'absent') return wantedFiles(want, have).flatMap(changesOf);
    return gone(have).map(({ target, content, contents }) => ({
      attribute: target,
      from: 'file',
      to: 'absent',
      ...(contents && shownText(target, content, Buffer.alloc(0))),
    }));
  },
  steps(want, changes, have): readonly Step[] {
    if (changes.length === 0) return [];
    if (want.state !== 'absent')
      return wantedFiles(want, have).flatMap((one) =>
        writeEditedFile({ path: one.file.target, mode: one.mode }, changesOf(one), one.file, one.content),
      );
    const lines = gone(have).map(({ target }) => `${fileRemoval(target)} || exit 1`);
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result: (want, have) => ({
    dest: sourcesPath(want),
    key_filename: keyFile(have)?.target ?? (want.signed_by?.startsWith('/') ? want.signed_by : null),
    repo: want.state === 'absent' ? null : written(want, have),
    ...(want.state !== 'absent' && {
      ...ownershipResult({ mode: want.mode ?? '0644' }, have.file.stat),
      state: 'file',
    }),
  }),
};
