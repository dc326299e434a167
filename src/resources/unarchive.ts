import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { exists } from '../probes/exists.ts';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { archiveProbe, type Unpacking, unpackScript } from './archives/archive-script.ts';
import { type ArchiveState, readArchive } from './archives/archive-state.ts';
import { expandedOnHost, hostPath, notBoth, ownershipArguments } from './argument-schemas.ts';
import { treeChanges } from './files/directory-tree.ts';
import { ownershipKeys, ownershipResult } from './files/file-ownership.ts';
import type { Change, HostResource, SourceFile } from './resource.ts';

const names = (description: string) =>
  Type.Optional(Type.Array(Type.String({ pattern: '^[^\\u0000]+$' }), { description }));

const schema = Type.Object(
  {
    src: Type.String({
      ...expandedOnHost,
      minLength: 1,
      description:
        'archive of the control node, looked for in `files/`; with `remote_src` a path on the host, or an address to fetch it from',
    }),
    dest: hostPath('directory that it is unpacked into; it must be there'),
    remote_src: Type.Optional(Type.Boolean({ description: 'the archive is on the host, or at an address' })),
    copy: Type.Optional(Type.Boolean({ description: 'false is `remote_src: true`' })),
    creates: Type.Optional(hostPath('nothing is done when this is there')),
    list_files: Type.Optional(
      Type.Boolean({ default: false, description: 'the result has the names in the archive' }),
    ),
    exclude: names('what is not unpacked'),
    include: names('what alone is unpacked'),
    keep_newer: Type.Optional(
      Type.Boolean({ default: false, description: 'files that are newer than those of the archive stay' }),
    ),
    extra_opts: names('further words for tar or unzip, as in --strip-components=1'),
    validate_certs: Type.Optional(
      Type.Boolean({ default: true, description: 'false trusts any server that `src` is fetched from' }),
    ),
    io_buffer_size: Type.Optional(
      Type.Integer({ minimum: 1, description: 'accepted: nothing depends on it' }),
    ),
    ...ownershipArguments,
  },
  { additionalProperties: false, allOf: [notBoth('include', 'exclude'), notBoth('copy', 'remote_src')] },
);

type Arguments = Static<typeof schema> & { readonly source_file?: SourceFile };

interface State {
  readonly created: boolean;
  readonly stat: FileStat;
  readonly archive: ArchiveState | undefined;
}

// What is listed by name in a plan; the rest is counted.
const shownEntries = 20;

function unpacking(want: Arguments): Unpacking {
  return { ...want, content: want.source_file?.content };
}

function onHost({ source_file, src }: Arguments): boolean {
  return source_file === undefined && !src.includes('://');
}

function differences(want: Arguments, { differs, entries }: ArchiveState): readonly Change[] {
  const all = [...differs];
  const named = all
    .slice(0, shownEntries)
    .map(([name, how]): Change => ({ attribute: name, from: how, to: 'unpacked' }));
  const rest = all.length - named.length;
  const more: Change[] = rest > 0 ? [{ attribute: `${rest} more`, to: 'unpacked' }] : [];
  return [...named, ...more, ...treeChanges(want, entries)];
}

/** What an archive holds, in a directory. */
export const unarchive: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'unarchive',
  summary: 'Unpack an archive (tar with its compressions, or zip) into a directory',
  schema,
  gives: ['src', 'dest', 'handler', 'state', 'size', 'files', 'extract_results', ...ownershipKeys],
  effect: 'contained',
  source: { argument: 'src', folder: 'files', render: false, unless: { remote_src: true, copy: false } },
  paths: (want) => [
    posix.join(want.dest, '/'),
    ...(onHost(want) ? [posix.normalize(want.src)] : []),
    ...(want.creates === undefined ? [] : [want.creates]),
  ],
  probe(want) {
    const settled = {
      owner: want.owner !== undefined,
      group: want.group !== undefined,
      mode: want.mode !== undefined,
      keepNewer: want.keep_newer === true,
    };
    const guard = want.creates === undefined ? '' : `[ ! -e ${quote(want.creates)} ] || exit 0\n`;
    const asks = {
      creates: want.creates === undefined ? undefined : exists(want.creates, undefined),
      place: path(want.dest, { follow: true }),
      archive: script(guard + archiveProbe(unpacking(want))),
    };
    return asking(asks, ({ creates, place, archive }) => ({
      created: creates === true,
      stat: place.stat,
      archive: creates === true ? undefined : readArchive(archive, want.src, settled),
    }));
  },
  reliesOn: (want) => [posix.join(want.dest, '/'), ...(onHost(want) ? [want.src] : [])],
  refuse(want, { archive }) {
    const { src, dest } = want;
    if (onHost(want) && !src.startsWith('/'))
      return [`with remote_src, src must be an absolute path on the host or an address, not ${src}`];
    switch (archive?.trouble) {
      case undefined:
        return archive?.files.length === 0 ? [`the archive ${src} is empty`] : [];
      case 'missing':
        return [`Source '${src}' does not exist on the host`];
      case 'empty':
        return [`Invalid archive '${src}', the file is 0 bytes`];
      case 'dest':
        return [`dest '${dest}' must be an existing dir`];
      case 'unzip':
        return ['the host has no unzip; install it first'];
      default:
        return [`${src} cannot be unpacked: ${archive?.said || 'it is no archive'}`];
    }
  },
  diff: (want, { archive }) => (archive ? differences(want, archive) : []),
  steps(want, changes, { archive }) {
    if (changes.length === 0 || !archive) return [];
    const replaced = [...archive.differs.keys()];
    const script = unpackScript(unpacking(want), want, { unpack: replaced.length > 0, replaced });
    return [{ kind: 'script', script }];
  },
  result: (want, { archive, stat, created }, outputs) => ({
    ...(created && { msg: `skipped, since ${want.creates} exists` }),
    src: want.src,
    dest: want.dest,
    handler: archive?.handler ?? '',
    state: 'directory',
    size: stat.size,
    ...ownershipResult({}, stat),
    ...(want.list_files && { files: archive?.files ?? [] }),
    ...(outputs.length > 0 && {
      extract_results: { rc: outputs.at(-1)?.code ?? 0, out: '', err: outputs.at(-1)?.stderr ?? '' },
    }),
  }),
};
