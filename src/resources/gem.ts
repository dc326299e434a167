import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument-schemas.ts';
import { splitWords } from './commands/word-split.ts';
import type { HostResource } from './resource.ts';

const place = (description: string) => Type.Optional(hostPath(description));
const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));

const schema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][\\w.-]*$', description: 'the gem' }),
    state: Type.Optional(
      Type.Enum(['present', 'absent', 'latest'], { default: 'present', description: 'latest also upgrades' }),
    ),
    version: Type.Optional(Type.String({ pattern: '^[^\\n]+$', description: 'its version' })),
    gem_source: place('file of the host in place of a repository'),
    repository: Type.Optional(Type.String({ pattern: '^\\S+$', description: 'where it comes from' })),
    include_dependencies: flag('with what it needs', true),
    user_install: flag("in the user's directory", true),
    executable: Type.Optional(Type.String({ pattern: '\\S', description: 'the gem to use' })),
    install_dir: place('directory that it is installed in'),
    bindir: place('directory for its programs'),
    norc: flag('no configuration of users is read', true),
    env_shebang: flag('its programs find ruby by env'),
    pre_release: flag('also what is not released yet'),
    include_doc: flag('with its documentation'),
    build_flags: Type.Optional(Type.String({ description: 'words for building it' })),
    force: flag('whatever gem has against it'),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly gem: boolean;
  readonly installed: readonly string[];
  /** What the repository has; undefined where it was not asked, or has none. */
  readonly remote: string | undefined;
}

function run(want: Arguments, verb: string, ...words: readonly string[]): string {
  const program = (want.executable ?? 'gem').split(' ').filter(Boolean);
  const rc = want.norc === false ? [] : ['--norc'];
  return [...program, verb, ...rc, ...words].map(quote).join(' ');
}

function source({ repository }: Arguments): readonly string[] {
  return repository === undefined ? [] : ['--source', repository];
}

function question(want: Arguments): string {
  const only = `^${want.name.replaceAll('.', '\\.')}$`;
  const place =
    want.install_dir === undefined
      ? ''
      : `export GEM_HOME=${quote(want.install_dir)} GEM_PATH=${quote(want.install_dir)}\n`;
  const pre = want.pre_release ? ['--prerelease'] : [];
  return `${printFunction}
command -v ${quote((want.executable ?? 'gem').split(' ')[0] ?? '')} >/dev/null || { echo 'gem no'; exit 0; }
( ${place}provision_print local "$(${run(want, 'list', '--local', only)} 2>/dev/null </dev/null)" )
${want.state === 'latest' ? `provision_print remote "$(${run(want, 'list', '--remote', ...pre, ...source(want), only)} 2>/dev/null </dev/null)"` : ''}`;
}

function versions(text: string | undefined, name: string): readonly string[] {
  const line = (text ?? '').split('\n').find((one) => one.startsWith(`${name} (`)) ?? '';
  const [, list = ''] = /\((.*)\)/.exec(line) ?? [];
  return list
    .split(',')
    .map(
      (one) =>
        one
          .trim()
          .replace(/^default: /, '')
          .split(' ')[0] ?? '',
    )
    .filter(Boolean);
}

/** A gem of Ruby. */
export const gem: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'gem',
  summary: 'Install, upgrade or remove a gem of Ruby',
  schema,
  effect: 'opaque',
  follows: () => true,
  // A version that is no number is one of several that will do.
  repeats: ({ version, state }) =>
    state !== 'absent' && version !== undefined && !/^[\d.]+\w*$/.test(version),
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, `the gem ${want.name}`);
        return {
          gem: answer.get('gem') !== 'no',
          installed: versions(answer.bytes('local')?.toString(), want.name),
          remote: versions(answer.bytes('remote')?.toString(), want.name)[0],
        };
      },
    }),
  refuse(want, have) {
    if (want.version !== undefined && want.state === 'latest')
      return ['Cannot specify version when state=latest'];
    if (want.gem_source !== undefined && want.state === 'latest')
      return ['Cannot maintain state=latest when installing from local source'];
    return have.gem ? [] : ['the host has no gem; install it first, as with the package ruby'];
  },
  diff(want, { installed, remote }) {
    const attribute = `gem ${want.name}`;
    const { version, state = 'present' } = want;
    if (state === 'absent') {
      const gone = version === undefined ? installed : installed.filter((one) => one === version);
      return gone.length === 0 ? [] : [{ attribute, from: gone.join(', '), to: 'absent' }];
    }
    const wanted = state === 'latest' ? remote : version;
    const there = installed.length > 0 && (wanted === undefined || installed.includes(wanted));
    return there ? [] : [{ attribute, from: installed.join(', ') || 'absent', to: wanted ?? 'installed' }];
  },
  steps(want, changes) {
    if (changes.length === 0) return [];
    const { version, install_dir: directory, bindir, name } = want;
    const valued = (option: string, value: string | undefined) =>
      value === undefined ? [] : [option, value];
    const set = (option: string, is: boolean | undefined) => (is ? [option] : []);
    const command =
      want.state === 'absent'
        ? run(
            want,
            'uninstall',
            ...valued('--install-dir', directory),
            ...valued('--bindir', bindir),
            name,
            ...(version === undefined ? ['--all'] : ['--version', version]),
            '--executables',
            ...set('--force', want.force),
          )
        : run(
            want,
            'install',
            ...set('--ignore-dependencies', want.include_dependencies === false),
            // A directory of its own is no directory of the user.
            ...(directory === undefined
              ? [want.user_install === false ? '--no-user-install' : '--user-install']
              : []),
            ...valued('--install-dir', directory),
            ...valued('--bindir', bindir),
            ...valued('--version', version),
            ...source(want),
            ...set('--prerelease', want.pre_release),
            ...set('--no-document', !want.include_doc),
            ...set('--env-shebang', want.env_shebang),
            want.gem_source ?? name,
            ...set('--force', want.force),
            ...(want.build_flags === undefined
              ? []
              : ['--', ...(splitWords(want.build_flags) ?? [want.build_flags])]),
          );
    return [{ kind: 'script', script: `${command} </dev/null` }];
  },
  result: (want) => ({ name: want.name, state: want.state ?? 'present', version: want.version ?? null }),
};
