import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { hostPath, ownershipArguments } from './argument-schemas.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFile,
  editedFileState,
  refuseEditedFile,
  writeEditedFile,
} from './files/edited-file.ts';
import { filePremises } from './files/file-premises.ts';
import { fileRemoval } from './files/file-removal.ts';
import { shownText } from './files/shown-text.ts';
import { readRepositories, writtenRepositories } from './managers/repository-file.ts';
import type { Change, HostResource } from './resource.ts';

const line = '^[^\\n\\u0000]*$';
const text = (description: string) => Type.Optional(Type.String({ pattern: line, description }));
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const list = (description: string) =>
  Type.Optional(Type.Array(Type.String({ pattern: line }), { description }));
const one = (values: string[], description: string) => Type.Optional(Type.Enum(values, { description }));

// Those that are written into the file under their own names.
const options = {
  async: flag('fetch packages side by side'),
  bandwidth: text('bytes in a second that may be used'),
  baseurl: list('addresses of the directory that holds repodata'),
  cost: text('what it costs against other repositories'),
  deltarpm_metadata_percentage: text('up to which share of the packages deltas are listed'),
  deltarpm_percentage: text('up to which share of a package a delta is used'),
  enabled: flag('false: it is known, and not used'),
  enablegroups: flag('its groups of packages are known'),
  exclude: list('packages that are not taken from it'),
  failovermethod: one(['roundrobin', 'priority'], 'which of several addresses comes first'),
  gpgcakey: text('address of the key that signs its keys'),
  gpgcheck: flag('signatures of packages are checked'),
  gpgkey: list('addresses of the keys that sign its packages'),
  http_caching: one(['all', 'packages', 'none'], 'what a proxy may keep'),
  include: text('a further file of configuration'),
  includepkgs: list('packages that alone are taken from it'),
  ip_resolve: one(['4', '6', 'IPv4', 'IPv6', 'whatever'], 'which addresses of its host are used'),
  keepalive: flag('connections are used again'),
  keepcache: one(['0', '1'], 'packages are kept when they are installed'),
  metadata_expire: text('for how long its lists are good, as in 6h'),
  metadata_expire_filter: one(
    ['never', 'read-only:past', 'read-only:present', 'read-only:future'],
    'when older lists are good enough',
  ),
  metalink: text('address of a list of mirrors, as metalink'),
  mirrorlist: text('address of a list of mirrors'),
  mirrorlist_expire: text('for how long that list is good'),
  module_hotfixes: flag('its packages are not hidden by modules'),
  password: text('who logs in with it; readable for all who may read the file'),
  priority: text('from 1, which comes first, to 99'),
  protect: flag('its packages are not replaced by others'),
  proxy: text('address of a proxy, or _none_'),
  proxy_password: text('the password at the proxy'),
  proxy_username: text('who logs in at the proxy'),
  repo_gpgcheck: flag('the signature of its lists is checked'),
  retries: text('how often a file is tried'),
  s3_enabled: flag('it lies in a private bucket'),
  skip_if_unavailable: flag('go on without it when it cannot be reached'),
  ssl_check_cert_permissions: flag('the files of certificates must be readable for root only'),
  sslcacert: text('the directory with the CAs that are trusted'),
  sslclientcert: text('the certificate that is shown to it'),
  sslclientkey: text('the key of that'),
  sslverify: flag('false: its certificate is not checked'),
  throttle: text('bytes in a second, or a share of bandwidth'),
  timeout: text('seconds'),
  ui_repoid_vars: text('variables that are shown with its name'),
  username: text('who logs in'),
};

const schema = Type.Object(
  {
    name: Type.String({ pattern: '^[^\\]\\n\\u0000]+$', description: 'its id, the name of its section' }),
    description: text('what it is called; needed with state: present'),
    ...options,
    file: Type.Optional(
      Type.String({ pattern: '^[^/\\u0000]+$', description: 'the file without .repo; `name` without it' }),
    ),
    reposdir: Type.Optional({ ...hostPath('the directory of such files'), default: '/etc/yum.repos.d' }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    ...ownershipArguments,
    unsafe_writes: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'without an effect: a file is always replaced as a whole',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly file: EditedFileState;
  /** The directory of such files is there. */
  readonly directory: boolean;
}

function directoryOf({ reposdir = '/etc/yum.repos.d' }: Arguments): string {
  return reposdir;
}

function placeOf(want: Arguments): string {
  return posix.join(directoryOf(want), `${want.file ?? want.name}.repo`);
}

function optionsOf(want: Arguments): ReadonlyMap<string, string> {
  const all: Readonly<Record<string, unknown>> = { ...want, name: want.description };
  const entries = [...Object.keys(options), 'name'].toSorted().flatMap((key): [string, string][] => {
    const value = all[key];
    if (value === undefined) return [];
    if (typeof value === 'boolean') return [[key, value ? '1' : '0']];
    const separator = ['exclude', 'includepkgs'].includes(key) ? ' ' : '\n';
    return [[key, Array.isArray(value) ? value.join(separator) : String(value)]];
  });
  return new Map(entries);
}

/** The whole file as it is wanted; undefined when no repository is left in it. */
function edited(want: Arguments, { file }: State): Buffer | undefined {
  const { sections } = readRepositories(file.content?.toString() ?? '');
  const found = sections.get(want.name);
  const wanted = want.state === 'absent' ? undefined : optionsOf(want);
  if (found === undefined ? wanted === undefined : wanted !== undefined && same(found, wanted))
    return file.content;
  const rest = new Map([...sections].filter(([name]) => name !== want.name));
  if (wanted) rest.set(want.name, wanted);
  return rest.size === 0 ? undefined : Buffer.from(writtenRepositories(rest));
}

function same(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

// A file with a password in it is not shown.
function shows(...texts: readonly (Buffer | undefined)[]): boolean {
  return !texts.some((one) => /^\s*(?:proxy_)?password\s*[=:]/im.test(one?.toString() ?? ''));
}

function fileOf(want: Arguments, have: State): EditedFileState {
  const { file } = have;
  return { ...file, contents: file.contents && shows(file.content, edited(want, have)) };
}

function emptied(want: Arguments, have: State): boolean {
  return have.file.stat.kind !== 'absent' && edited(want, have) === undefined;
}

const needed = ['baseurl', 'metalink', 'mirrorlist'] as const;

/** A repository of yum or dnf. */
export const yumRepository: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'yum_repository',
  summary: 'Have yum or dnf use a repository, by its section of a .repo file',
  schema,
  argumentAliases: {
    sslcacert: ['ca_cert'],
    sslclientcert: ['client_cert'],
    sslclientkey: ['client_key'],
    sslverify: ['validate_certs'],
  },
  effect: 'contained',
  faults(want: Arguments) {
    if (want.state === 'absent') return [];
    if (needed.every((name) => want[name] === undefined))
      return ["baseurl: one of 'baseurl', 'metalink' and 'mirrorlist' is required"];
    return want.description === undefined ? ["description: it is required with 'state: present'"] : [];
  },
  paths: (want) => [placeOf(want)],
  probe: (want, { contents }) =>
    asking({ file: editedFile(placeOf(want)), above: path(directoryOf(want)) }, ({ file, above }) => ({
      file: editedFileState(file, contents),
      directory: above.behind.kind === 'directory',
    })),
  premises: (want) => filePremises(want, undefined),
  reliesOn: (want) => [directoryOf(want)],
  refuse(want, { file, directory }) {
    if (!directory) return [`the directory ${directoryOf(want)} does not exist on the host`];
    const wrong = refuseEditedFile({ path: file.target, create: true }, file, false);
    if (wrong.length > 0) return wrong;
    const { fault } = readRepositories(file.content?.toString() ?? '');
    return fault === undefined ? [] : [`${file.target} is no list of repositories: ${fault}`];
  },
  diff(want, have): readonly Change[] {
    const file = fileOf(want, have);
    if (!emptied(want, have)) return diffEditedFile({ ...want, path: file.target }, file, edited(want, have));
    const shown = file.contents ? shownText(file.target, file.content, Buffer.alloc(0)) : {};
    return [{ attribute: 'state', from: 'file', to: 'absent', ...shown }];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const { target } = have.file;
    if (emptied(want, have)) return [{ kind: 'script', script: `${fileRemoval(target)} || exit 1` }];
    return writeEditedFile({ ...want, path: target }, changes, have.file, edited(want, have));
  },
  result: (want) => ({ repo: want.name, state: want.state ?? 'present' }),
};
