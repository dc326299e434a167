import { posix } from 'node:path';
import { printFunction } from '../../probes/answer.ts';
import { quote } from '../../shell/quote.ts';
import { splitWords } from '../commands/word-split.ts';
import type { PipArguments } from './pip-schema.ts';
import { readRequirement } from './requirement.ts';

/** The virtual environment that is meant, as a whole path. */
export function environmentOf({ virtualenv, chdir }: PipArguments): string | undefined {
  return virtualenv === undefined ? undefined : posix.resolve(chdir ?? '/', virtualenv);
}

/** The packages, with the version that stands beside a single one. */
export function packagesOf({ name = [], version }: PipArguments): readonly string[] {
  return version === undefined ? name : name.map((one) => `${one}==${version}`);
}

function isPlain(want: PipArguments): boolean {
  return (
    want.name !== undefined &&
    !want.editable &&
    packagesOf(want).every((one) => readRequirement(one) !== undefined)
  );
}

/** Whether a list of the installed packages answers; everything else pip is asked itself. */
export function isListed(want: PipArguments): boolean {
  const { state = 'present' } = want;
  return state === 'absent' || (state === 'present' && isPlain(want));
}

/** Words of a command, each with a space before it. */
export function wordsText(list: readonly string[]): string {
  return list.map((one) => ` ${quote(one)}`).join('');
}

/** The command of pip that does it; `before` are options for this time. */
export function pipCommand(want: PipArguments, ...before: readonly string[]): string {
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
  return `"$provision_pip"${wordsText([...verb, ...before, '--disable-pip-version-check', ...extra, ...names])}`;
}

/** sh code that finds pip and goes where it is to run. */
export function pipPlace(want: PipArguments): string {
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

/** sh code that prints what is installed, and what pip would do. */
export function pipQuestion(want: PipArguments): string {
  const simulate = isListed(want)
    ? ''
    : `provision_said=$(${pipCommand({ ...want, state: want.state === 'latest' ? 'latest' : 'present' }, '--dry-run')} 2>&1)
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
${pipPlace(want)}
[ ! -e ${quote(posix.join(environmentOf(want) ?? '/nowhere', 'bin/activate'))} ] || echo 'environment yes'
${file}
[ -n "$provision_pip" ] && [ -x "$provision_pip" ] || exit 0
provision_print pip "$provision_pip"
printf 'list %s\\n' "$("$provision_pip" list --format=freeze --disable-pip-version-check 2>/dev/null | base64 | tr -d '\\n')"
${simulate}`;
}
