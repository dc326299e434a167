import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { needsOneOf, notBoth } from './argument-schemas.ts';
import { splitWords } from './commands/word-split.ts';
import { normalName, type Requirement, readRequirement, versionFits } from './pip/requirement.ts';
import type { Change, HostResource, Json } from './resource.ts';

const text = '^[^\\u0000\\n]+$';
const word = (description: string) => Type.Optional(Type.String({ pattern: text, description }));

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.Array(Type.String({ pattern: text }), {
        minItems: 1,
        description: 'packages, as in flask, flask>=2 or git+https://...',
      }),
    ),
    version: word('the version, where `name` is one package without one'),
    requirements: word('file of the host that lists packages'),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent', 'forcereinstall'], {
        default: 'present',
        description: 'forcereinstall installs each time',
      }),
    ),
    virtualenv: word('directory of a virtual environment, made when it is missing'),
    virtualenv_command: Type.Optional(
      Type.String({
        pattern: text,
        default: 'virtualenv',
        description: 'what makes it, as in python3 -m venv; that is taken where virtualenv is missing',
      }),
    ),
    virtualenv_python: word('the Python of the environment, as in python3.11'),
    virtualenv_site_packages: Type.Optional(
      Type.Boolean({ default: false, description: 'the environment sees the packages of the system' }),
    ),
    executable: word('the pip to use, as in pip3 or a path'),
    extra_args: word('further words for pip'),
    editable: Type.Optional(Type.Boolean({ default: false, description: 'install with -e' })),
    chdir: Type.Optional(Type.String({ pattern: '^/', description: 'directory to run pip in' })),
    umask: Type.Optional(
      Type.String({
        pattern: '^0?[0-7]{3}$',
        description: 'what is taken from the modes of files that are made',
      }),
    ),
    break_system_packages: Type.Optional(
      Type.Boolean({ default: false, description: "install among the system's own packages all the same" }),
    ),
  },
  {
    additionalProperties: false,
    allOf: [notBoth('name', 'requirements'), notBoth('executable', 'virtualenv')],
    ...needsOneOf('name', 'requirements'),
  },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly pip: string | undefined;
  readonly environment: boolean;
  /** Normal names and versions. */
  readonly installed: ReadonlyMap<string, string>;
  /** What pip says it would install: `name-version`; undefined where it was not asked or cannot say. */
  readonly simulated: readonly string[] | undefined;
  readonly failure: string | undefined;
  /** Packages that a file of requirements names. */
  readonly listed: readonly Requirement[];
}

function environmentOf({ virtualenv, chdir }: Arguments): string | undefined {
  return virtualenv === undefined ? undefined : posix.resolve(chdir ?? '/', virtualenv);
}

function packagesOf({ name = [], version }: Arguments): readonly string[] {
  return version === undefined ? name : name.map((one) => `${one}==${version}`);
}

function isPlain(want: Arguments): boolean {
  return (
    want.name !== undefined &&
    !want.editable &&
    packagesOf(want).every((one) => readRequirement(one) !== undefined)
  );
}

// What a list of the installed packages answers; everything else pip is asked itself.
function isListed(want: Arguments): boolean {
  const { state = 'present' } = want;
  return state === 'absent' || (state === 'present' && isPlain(want));
}

function words(list: readonly string[]): string {
  return list.map((one) => ` ${quote(one)}`).join('');
}

function command(want: Arguments, ...before: readonly string[]): string {
  const { state = 'present', extra_args = '', editable, requirements } = want;
  const verb = {
    present: ['install'],
    latest: ['install', '-U'],
    absent: ['uninstall', '-y'],
    forcereinstall: ['install', '-U', '--force-reinstall'],
  }[state];
  const extra = [...(splitWords(extra_args) ?? [])];
  if (editable && !extra.includes('-e')) extra.push('-e');
  const names = requirements === undefined ? packagesOf(want) : ['-r', requirements];
  return `"$provision_pip"${words([...verb, ...before, '--disable-pip-version-check', ...extra, ...names])}`;
}

function place(want: Arguments): string {
  const { chdir, executable, umask, break_system_packages } = want;
  const environment = environmentOf(want);
  const find =
    environment !== undefined
      ? [
          `PATH=${quote(posix.join(environment, 'bin'))}:$PATH`,
          `provision_pip=${quote(posix.join(environment, 'bin/pip3'))}; [ -x "$provision_pip" ] || provision_pip=${quote(posix.join(environment, 'bin/pip'))}`,
        ]
      : [
          executable === undefined
            ? 'provision_pip=$(command -v pip3 || command -v pip)'
            : `provision_pip=$(command -v ${quote(executable)})`,
        ];
  return [
    `cd -- ${quote(chdir ?? '/tmp')} || exit 1`,
    ...(umask === undefined ? [] : [`umask ${quote(umask)}`]),
    ...(break_system_packages ? ['export PIP_BREAK_SYSTEM_PACKAGES=1'] : []),
    'export PIP_NO_INPUT=1 LC_ALL=C.UTF-8',
    ...find,
  ].join('\n');
}

function ask(want: Arguments): string {
  const simulate = isListed(want)
    ? ''
    : `provision_said=$(${command({ ...want, state: want.state === 'latest' ? 'latest' : 'present' }, '--dry-run')} 2>&1)
provision_code=$?
case $provision_code:$provision_said in
0:*) echo 'simulated yes'; provision_print would "$(printf '%s\\n' "$provision_said" | sed -n 's/^Would install //p')" ;;
*'no such option: --dry-run'*) ;;
*) provision_print failure "$(printf '%s\\n' "$provision_said" | tail -n 3)" ;;
esac`;
  const file =
    want.requirements === undefined
      ? ''
      : `[ ! -f ${quote(want.requirements)} ] || printf 'file %s\\n' "$(base64 <${quote(want.requirements)} | tr -d '\\n')"`;
  return `${printFunction}
${place(want)}
[ ! -e ${quote(posix.join(environmentOf(want) ?? '/nowhere', 'bin/activate'))} ] || echo 'environment yes'
${file}
[ -n "$provision_pip" ] && [ -x "$provision_pip" ] || exit 0
provision_print pip "$provision_pip"
printf 'list %s\\n' "$("$provision_pip" list --format=freeze --disable-pip-version-check 2>/dev/null | base64 | tr -d '\\n')"
${simulate}`;
}

function readInstalled(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split('\n').flatMap((line) => {
      const [name = '', version = ''] = line.split('==');
      return version === '' ? [] : [[normalName(name), version.trim()] as const];
    }),
  );
}

function readRequirements(list: string): readonly Requirement[] {
  return list
    .split('\n')
    .flatMap((line) => readRequirement(line.replace(/(^|\s)#.*/, '').replace(/;.*/, '')) ?? []);
}

function changesOf(want: Arguments, have: State): readonly Change[] {
  const { state = 'present' } = want;
  const wanted =
    want.requirements === undefined
      ? packagesOf(want).flatMap((one) => readRequirement(one) ?? [])
      : have.listed;
  const installed = ({ name }: Requirement) => have.installed.get(name);
  const change = (name: string, from: string | undefined, to: string): Change => ({
    attribute: `package ${name}`,
    from: from ?? 'absent',
    to,
  });
  if (state === 'absent')
    return wanted.flatMap((one) =>
      installed(one) === undefined ? [] : [change(one.name, installed(one), 'absent')],
    );
  if (state === 'forcereinstall')
    return (want.name ?? [want.requirements ?? '']).map((one) => change(one, undefined, 'installed anew'));
  if (isListed(want) || !have.pip)
    return wanted.flatMap((one) => {
      const version = installed(one);
      if (version !== undefined && versionFits(one, version)) return [];
      return [change(one.name, version, one.versions.join(',').replace(/^==/, '') || 'installed')];
    });
  if (!have.simulated)
    return [{ attribute: 'packages', to: want.requirements ?? (want.name ?? []).join(', ') }];
  return have.simulated.map((one) => {
    const [, name = one, version = ''] = /^(.+)-([^-]+)$/.exec(one) ?? [];
    return change(normalName(name), have.installed.get(normalName(name)), version);
  });
}

/** Packages of Python. */
export const pip: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'pip',
  summary: 'Install packages of Python with pip, in a virtual environment if wanted',
  schema,
  effect: 'opaque',
  follows: () => true,
  // What pip cannot say beforehand is run each time.
  repeats: (want) => want.state === 'forcereinstall' || !isListed(want),
  probe: (want) =>
    scriptProbe({
      script: ask(want),
      parse(output) {
        const answer = new Answer(output, 'the packages of pip');
        const would = answer.bytes('would')?.toString();
        return {
          pip: answer.bytes('pip')?.toString(),
          environment: answer.get('environment') === 'yes',
          installed: readInstalled(answer.bytes('list')?.toString() ?? ''),
          simulated:
            answer.get('simulated') === 'yes' ? (would ?? '').split(/\s+/).filter(Boolean) : undefined,
          failure: answer.bytes('failure')?.toString().trim(),
          listed: readRequirements(answer.bytes('file')?.toString() ?? ''),
        };
      },
    }),
  reliesOn: ({ requirements, chdir }) =>
    requirements === undefined ? [] : [posix.resolve(chdir ?? '/tmp', requirements)],
  refuse(want, have) {
    const { version, name = [], state } = want;
    if (splitWords(want.extra_args ?? '') === undefined) return ['a quote is not closed in extra_args'];
    if (version !== undefined && state === 'latest') return ['version is incompatible with state=latest'];
    if (version !== undefined && name.length > 1)
      return [
        "'version' argument is ambiguous when installing multiple package distributions: name each as in name==version",
      ];
    if (version !== undefined && (readRequirement(name[0] ?? '')?.versions.length ?? 1) > 0)
      return [
        "The 'version' argument conflicts with any version specifier provided along with a package name",
      ];
    if (have.failure !== undefined) return [`pip cannot install this: ${have.failure}`];
    return have.pip === undefined && want.virtualenv === undefined
      ? [`the host has no ${want.executable ?? 'pip'}; install it first, as with the package python3-pip`]
      : [];
  },
  diff(want, have) {
    const missing = want.virtualenv !== undefined && !have.environment;
    const environment: Change[] = missing
      ? [{ attribute: 'virtualenv', from: 'absent', to: environmentOf(want) ?? '' }]
      : [];
    return [...environment, ...changesOf(want, have)];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const lines: string[] = [];
    const environment = environmentOf(want);
    if (environment !== undefined && !have.environment) {
      const given = splitWords(want.virtualenv_command ?? 'virtualenv') ?? [];
      const own = given.includes('venv') || (given[0] ?? '').endsWith('pyvenv');
      const python = want.virtualenv_python === undefined || own ? [] : ['-p', want.virtualenv_python];
      const site = want.virtualenv_site_packages ? ['--system-site-packages'] : [];
      const rest = words([...site, environment]);
      const fallback = `${quote(want.virtualenv_python ?? 'python3')} -m venv${rest}`;
      lines.push(
        `cd -- ${quote(want.chdir ?? '/tmp')} || exit 1`,
        ...(want.umask === undefined ? [] : [`umask ${quote(want.umask)}`]),
        given.join(' ') === 'virtualenv'
          ? `if command -v virtualenv >/dev/null; then virtualenv${words(python)}${rest}; else ${fallback}; fi || exit 1`
          : `${given.map(quote).join(' ')}${words(python)}${rest} || exit 1`,
      );
    }
    lines.push(place(want));
    if (changes.some(({ attribute }) => attribute !== 'virtualenv')) lines.push(command(want));
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result(want, _have, outputs) {
    const output = outputs.at(-1);
    const or = (value: Json | undefined): Json => value ?? null;
    return {
      name: or(want.name),
      version: or(want.version),
      state: want.state ?? 'present',
      requirements: or(want.requirements),
      virtualenv: or(environmentOf(want)),
      stdout: output?.stdout ?? '',
      stderr: output?.stderr ?? '',
      stdout_lines: (output?.stdout ?? '')
        .split('\n')
        .filter((line, at, all) => line !== '' || at < all.length - 1),
    };
  },
};
