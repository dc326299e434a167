import { posix } from 'node:path';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { printedResult } from './commands/printed-output.ts';
import { splitWords } from './commands/word-split.ts';
import { type PipArguments, pipSchema } from './pip/pip-schema.ts';
import {
  environmentOf,
  isListed,
  packagesOf,
  pipCommand,
  pipPlace,
  pipQuestion,
  wordsText,
} from './pip/pip-script.ts';
import { normalName, type Requirement, readRequirement, versionFits } from './pip/requirement.ts';
import type { Change, HostResource, Json } from './resource.ts';

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

function changesOf(want: PipArguments, have: State): readonly Change[] {
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
export const pip: HostResource<PipArguments, State> = {
  kind: 'host',
  name: 'pip',
  summary: 'Install packages of Python with pip, in a virtual environment if wanted',
  schema: pipSchema,
  effect: 'opaque',
  follows: () => true,
  // What pip cannot say beforehand is run each time.
  repeats: (want) => want.state === 'forcereinstall' || !isListed(want),
  probe: (want) =>
    scriptProbe({
      script: pipQuestion(want),
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
      const rest = wordsText([...site, environment]);
      const fallback = `${quote(want.virtualenv_python ?? 'python3')} -m venv${rest}`;
      lines.push(
        `cd -- ${quote(want.chdir ?? '/tmp')} || exit 1`,
        ...(want.umask === undefined ? [] : [`umask ${quote(want.umask)}`]),
        given.join(' ') === 'virtualenv'
          ? `if command -v virtualenv >/dev/null; then virtualenv${wordsText(python)}${rest}; else ${fallback}; fi || exit 1`
          : `${given.map(quote).join(' ')}${wordsText(python)}${rest} || exit 1`,
      );
    }
    lines.push(pipPlace(want));
    if (changes.some(({ attribute }) => attribute !== 'virtualenv')) lines.push(pipCommand(want));
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result(want, _have, outputs) {
    const or = (value: Json | undefined): Json => value ?? null;
    return {
      name: or(want.name),
      version: or(want.version),
      state: want.state ?? 'present',
      requirements: or(want.requirements),
      virtualenv: or(environmentOf(want)),
      ...printedResult(outputs.length > 0 ? outputs : [{ code: 0, stdout: '', stderr: '' }]),
    };
  },
};
