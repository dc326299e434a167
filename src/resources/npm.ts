import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument-schemas.ts';
import type { Change, HostResource } from './resource.ts';

const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }));

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        pattern: '^[^\\s-]\\S*$',
        description: 'the package; without it what package.json asks for',
      }),
    ),
    version: Type.Optional(Type.String({ pattern: '^\\S+$', description: 'its version' })),
    path: Type.Optional(hostPath('directory that it is installed in')),
    global: flag('install it for the whole host'),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent'], { default: 'present', description: 'latest also upgrades' }),
    ),
    ci: flag('install what the lock file says, each time'),
    executable: Type.Optional(Type.String({ pattern: '\\S', description: 'the npm to use' })),
    registry: Type.Optional(Type.String({ pattern: '^\\S+$', description: 'where packages come from' })),
    production: flag('leave out what is for development'),
    ignore_scripts: flag('run no scripts of packages'),
    unsafe_perm: flag('run scripts of packages as root'),
    no_optional: flag('leave out optional dependencies'),
    no_bin_links: flag('make no links to programs'),
    force: flag('fetch what is there already, too'),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface Dependency {
  readonly version?: string;
  readonly missing?: boolean;
  readonly invalid?: string | boolean;
}

interface State {
  readonly npm: boolean;
  /** By name; undefined where npm said nothing that can be read. */
  readonly installed: ReadonlyMap<string, Dependency> | undefined;
  /** What an upgrade would bring: the package, its version and the newer one. */
  readonly outdated: readonly (readonly [name: string, from: string, to: string])[];
  readonly said: string;
}

function isExact(version: string): boolean {
  return /^\d+\.\d+\.\d+/.test(version);
}

/** The package with the version that stands beside it. */
function spelled({ name, version, state }: Arguments): string | undefined {
  return name === undefined || version === undefined || state === 'absent' ? name : `${name}@${version}`;
}

function parts(spelling: string): readonly [name: string, version: string | undefined] {
  const [, name = spelling, version] = /^(@?[^@]+)@(.+)$/.exec(spelling) ?? [];
  return [name, version];
}

/** Whether the list of packages says that it is there: not what is named by an address or a range. */
function isListed(want: Arguments): boolean {
  const whole = spelled(want);
  if (whole === undefined) return true;
  const [name, version] = parts(whole);
  return /^(@[\w.-]+\/)?[\w.-]+$/.test(name) && (version === undefined || isExact(version));
}

function words(want: Arguments, named: boolean): string {
  const options = [
    ...(want.global ? ['--global'] : []),
    ...(want.production ? ['--production'] : []),
    ...(want.ignore_scripts ? ['--ignore-scripts'] : []),
    ...(want.unsafe_perm ? ['--unsafe-perm'] : []),
    ...(want.registry === undefined ? [] : ['--registry', want.registry]),
    ...(want.no_optional ? ['--no-optional'] : []),
    ...(want.no_bin_links ? ['--no-bin-links'] : []),
    ...(want.force ? ['--force'] : []),
  ];
  const whole = named ? spelled(want) : undefined;
  return [...options, ...(whole === undefined ? [] : [whole])].map((one) => ` ${quote(one)}`).join('');
}

function program({ executable = 'npm' }: Arguments): readonly string[] {
  return executable.split(' ').filter(Boolean);
}

function command(want: Arguments): string {
  return program(want).map(quote).join(' ');
}

function question(want: Arguments): string {
  const newer =
    want.state === 'latest'
      ? `printf 'outdated %s\\n' "$(${command(want)} outdated --json${words(want, true)} 2>/dev/null </dev/null | base64 | tr -d '\\n')"`
      : '';
  return `${printFunction}
command -v ${quote(program(want)[0] ?? '')} >/dev/null || { echo 'npm no'; exit 0; }
${want.path === undefined ? '' : `[ -d ${quote(want.path)} ] || { provision_print list '{}'; exit 0; }\ncd -- ${quote(want.path)} || exit 1`}
export NO_UPDATE_NOTIFIER=1
provision_list=$(${command(want)} list --json --depth=0${words(want, false)} 2>/dev/null </dev/null)
provision_print list "$provision_list"
case $provision_list in '{'*) ;; *) provision_print said "$(${command(want)} list --json --depth=0${words(want, false)} 2>&1 </dev/null | tail -n 3)" ;; esac
${newer}`;
}

function read(text: string | undefined): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function outdated(text: string | undefined): State['outdated'] {
  return Object.entries(read(text) ?? {}).flatMap(([name, one]) => {
    const { current, wanted } = Object(one) as { readonly current?: string; readonly wanted?: string };
    return current !== undefined && wanted !== undefined && current !== wanted
      ? [[name, current, wanted] as const]
      : [];
  });
}

/** What has to be installed, as Ansible finds it: all that package.json lacks, and the package that is named. */
function missing(want: Arguments, installed: ReadonlyMap<string, Dependency>): readonly Change[] {
  const lacks = [...installed].flatMap(([name, { missing: gone, invalid, version }]): readonly Change[] =>
    gone || invalid
      ? [{ attribute: `package ${name}`, from: (!gone && version) || 'absent', to: 'installed' }]
      : [],
  );
  const whole = spelled(want);
  if (whole === undefined) return lacks;
  const [name, version] = parts(whole);
  const have = installed.get(name);
  const there = have !== undefined && !have.missing && !have.invalid;
  if (isListed(want) && there && (version === undefined || have.version === version)) return lacks;
  const change = {
    attribute: `package ${name}`,
    from: (there && have.version) || 'absent',
    to: version ?? 'installed',
  };
  return [change, ...lacks.filter(({ attribute }) => attribute !== change.attribute)];
}

function isInstalled(name: string, installed: ReadonlyMap<string, Dependency>): boolean {
  const have = installed.get(name);
  return have !== undefined && !have.missing && !have.invalid;
}

/** Packages of Node. */
export const npm: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'npm',
  summary: 'Install packages of Node with npm, in a directory or for the whole host',
  schema,
  effect: 'opaque',
  follows: () => true,
  repeats: (want) => want.ci === true || (want.state !== 'absent' && !isListed(want)),
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, 'the packages of npm');
        const list = read(answer.bytes('list')?.toString());
        return {
          npm: answer.get('npm') !== 'no',
          installed: list && new Map(Object.entries(Object(list.dependencies) as Record<string, Dependency>)),
          outdated: outdated(answer.bytes('outdated')?.toString()),
          said: answer.bytes('said')?.toString().trim() ?? '',
        };
      },
    }),
  refuse(want, have) {
    if (want.path === undefined && !want.global) return ['path must be specified when not using global'];
    if (want.state === 'absent' && want.name === undefined)
      return ['state is absent but all of the following are missing: name'];
    if (!have.npm) return [`the host has no ${program(want)[0]}; install it first, as with the package npm`];
    return have.installed ? [] : [`npm does not say what is installed: ${have.said}`];
  },
  diff(want, { installed = new Map(), outdated: newer }) {
    if (want.ci) return [{ attribute: 'packages', to: 'as the lock file says' }];
    if (want.state === 'absent') {
      const { name = '' } = want;
      const from = installed.get(name)?.version ?? 'present';
      return isInstalled(name, installed) ? [{ attribute: `package ${name}`, from, to: 'absent' }] : [];
    }
    const lacks = missing(want, installed);
    const named = new Set(lacks.map(({ attribute }) => attribute));
    const upgrades = newer.map(([name, from, to]) => ({ attribute: `package ${name}`, from, to }));
    return [...lacks, ...upgrades.filter(({ attribute }) => !named.has(attribute))];
  },
  steps(want, changes, { installed = new Map(), outdated: newer }) {
    if (changes.length === 0) return [];
    const run = (verb: string, named = true) => `${command(want)} ${verb}${words(want, named)} </dev/null`;
    const lines = ['export NO_UPDATE_NOTIFIER=1'];
    if (want.path !== undefined)
      lines.push(`mkdir -p -- ${quote(want.path)} && cd -- ${quote(want.path)} || exit 1`);
    if (want.ci) lines.push(run('ci'));
    else if (want.state === 'absent') lines.push(run('uninstall'));
    else {
      if (missing(want, installed).length > 0) lines.push(`${run('install')} || exit $?`);
      if (newer.length > 0) lines.push(run('update'));
    }
    return [{ kind: 'script', script: lines.join('\n') }];
  },
};
