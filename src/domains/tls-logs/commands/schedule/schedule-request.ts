import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { localProblems } from '../../../../cli/fleet/local-options.ts';
import { type Problem, ProvisionError } from '../../../../errors/problem.ts';
import { noticeTarget, targetLines } from '../../../../schedule/notice.ts';
import type { Schedule } from '../../../../schedule/schedule.ts';
import { nameComplaint, scheduleName } from '../../../../schedule/schedule-name.ts';
import { nextElapse } from '../../../../schedule/service-manager.ts';
import { fitsBare } from '../../../../schedule/unit-word.ts';
import type { ScheduleOptions } from './schedule-options.ts';

/** What runs provision now, and where: it will run the schedule too. */
export interface RunningProgram {
  readonly node: string;
  readonly main: string;
  readonly directory: string;
  readonly manager: 'system' | 'user';
}

/**
 * The schedule that the options mean, every path absolute.
 * Throws a ProvisionError with all that cannot work when nobody is there, or would be open to all.
 */
export async function scheduleOf(
  playbook: string,
  options: ScheduleOptions,
  { node, main, directory, manager }: RunningProgram,
): Promise<Schedule> {
  const problems = [...problemsOf(options, directory), ...(await calendarProblems(options.onCalendar))];
  if (problems.length > 0) throw new ProvisionError(problems);
  const path = resolve(directory, playbook);
  const { caPassphraseFile } = options;
  return {
    name: options.name ?? scheduleName(path),
    playbook: path,
    command: [node, main, 'schedule', path, '--run', ...words(options, directory)],
    directory,
    home: process.env.HOME || homedir(),
    calendar: options.onCalendar,
    passphraseFile: caPassphraseFile === undefined ? undefined : resolve(directory, caPassphraseFile),
    manager,
  };
}

/** Why `-K` cannot be; undefined without it. */
export function passwordProblem({ askBecomePass }: ScheduleOptions): Problem | undefined {
  if (!askBecomePass) return undefined;
  return {
    code: 'no-terminal',
    message: '-K asks for the sudo password, and nobody is there when the timer fires',
    hint: 'let the user become root without a password (NOPASSWD in sudoers), log in as root, or set ansible_become_password in a file that only you may read and pass it with -e @FILE',
  };
}

// With = between name and value, a value may begin with a dash.
function words(options: ScheduleOptions, directory: string): readonly string[] {
  const { inventory = [], extraVars = [], limit, user, privateKey, become, becomeUser } = options;
  const { sshConfig, graceDays, notify = [], fleet } = options;
  return [
    ...inventory.map((one) => `--inventory=${one.includes(',') ? one : resolve(directory, one)}`),
    ...extraVars.map((one) => `--extra-vars=@${resolve(directory, one.slice(1))}`),
    ...(limit === undefined ? [] : [`--limit=${limit}`]),
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(privateKey === undefined ? [] : [`--private-key=${resolve(directory, privateKey)}`]),
    ...(become ? ['--become'] : []),
    ...(becomeUser === undefined || becomeUser === 'root' ? [] : [`--become-user=${becomeUser}`]),
    ...(sshConfig === undefined ? [] : [`--ssh-config=${resolve(directory, sshConfig)}`]),
    ...(fleet === undefined ? [] : [fleet ? '--fleet' : '--no-fleet']),
    `--grace-days=${graceDays}`,
    ...notify.map((one) => `--notify=${one.startsWith('@') ? `@${resolve(directory, one.slice(1))}` : one}`),
  ];
}

function problemsOf(options: ScheduleOptions, directory: string): readonly Problem[] {
  const password = passwordProblem(options);
  return [
    ...(password ? [password] : []),
    ...(options.fleet ? localProblems(options) : []),
    ...nameProblems(options.name),
    ...(options.extraVars ?? []).filter((one) => !one.startsWith('@')).map(openValue),
    ...inventoryProblems(options.inventory ?? [], directory),
    ...(options.sshConfig === undefined
      ? []
      : missing('--ssh-config', resolve(directory, options.sshConfig))),
    ...(options.privateKey === undefined
      ? []
      : missing('--private-key', resolve(directory, options.privateKey))),
    ...(options.caPassphraseFile === undefined
      ? []
      : secretProblems('--ca-passphrase-file', resolve(directory, options.caPassphraseFile))),
    ...(options.notify ?? []).flatMap((one) => noticeProblems(one, directory)),
    ...unfit('the current directory', directory, 'go to another one'),
  ];
}

// The address of a webhook is its password: whoever knows it may write there.
function noticeProblems(given: string, directory: string): readonly Problem[] {
  if (given.startsWith('@')) {
    const path = resolve(directory, given.slice(1));
    const problems = secretProblems('--notify', path);
    if (problems.length > 0) return problems;
    const wrong = targetLines(readFileSync(path, 'utf8')).filter((line) => !noticeTarget(line));
    return wrong.length === 0
      ? []
      : [wrongNotice(`--notify ${path}: ${wrong.length} of its lines cannot be used`)];
  }
  const target = noticeTarget(given);
  if (!target) return [wrongNotice('--notify: this is no target')];
  if (target.kind === 'mail') return [];
  return [
    {
      code: 'open-value',
      message: '--notify with an address of the web cannot be scheduled',
      why: 'every user of this machine may read units and the list of processes, and whoever knows the address may write there',
      hint: 'write the address into a file that only you may read and pass it with --notify @FILE',
    },
  ];
}

function wrongNotice(message: string): Problem {
  return {
    code: 'wrong-notice',
    message,
    hint: 'write mailto:ADDRESS, ntfy:https://SERVER/TOPIC, or the https:// address of a webhook; in a file one a line',
  };
}

function nameProblems(name: string | undefined): readonly Problem[] {
  const why = name === undefined ? undefined : nameComplaint(name);
  return why === undefined
    ? []
    : [{ code: 'wrong-name', message: `--name ${name} cannot be the name of a unit`, hint: why }];
}

// The value may be a secret: it is not repeated.
function openValue(given: string): Problem {
  const name = /^\w+(?==)/.exec(given)?.[0];
  return {
    code: 'open-value',
    message: `-e ${name === undefined ? 'with values' : `${name}=...`} cannot be scheduled`,
    why: 'every user of this machine may read units and the list of processes, and the value would stand in both',
    hint: `write \`${name ?? 'name'}: value\` into a file that only you may read and pass it with -e @FILE`,
  };
}

// Read as a list of hosts, not as a path.
function inventoryProblems(inventory: readonly string[], directory: string): readonly Problem[] {
  return inventory
    .filter((one) => !one.includes(',') && resolve(directory, one).includes(','))
    .map((one) => ({
      code: 'unfit-path',
      message: `the path of the inventory has a comma: ${resolve(directory, one)}`,
      why: 'with a comma, -i takes it for a list of hosts',
      hint: 'rename the folder, or reach the file through a link without a comma',
    }));
}

function missing(option: string, path: string): readonly Problem[] {
  if (existsSync(path)) return [];
  return [{ code: 'missing-file', message: `${option} ${path}: there is no such file` }];
}

function secretProblems(option: string, path: string): readonly Problem[] {
  const absent = missing(option, path);
  if (absent.length > 0) return absent;
  if ((statSync(path).mode & 0o077) === 0) return unfit(`${option} ${path}`, path, 'use another file');
  const hint = `\`chmod 600 ${path}\``;
  return [{ code: 'open-file', message: `${option} ${path}: others may read it`, hint }];
}

function unfit(what: string, path: string, hint: string): readonly Problem[] {
  if (fitsBare(path)) return [];
  const why = 'a unit cannot hold a path with a line end, or with a blank or backslash at its end';
  return [{ code: 'unfit-path', message: `${what} has a name that systemd cannot be given`, why, hint }];
}

async function calendarProblems(calendar: string | undefined): Promise<readonly Problem[]> {
  if (calendar === undefined) return [];
  const hint =
    'write e.g. `daily`, `Mon..Fri 04:00` or `*-*-* 03:30 Europe/Vienna`; `man systemd.time` has them all';
  const wrong = (message: string): Problem => ({ code: 'wrong-calendar', message, hint });
  if (!/^[\w*:,~./+ -]+$/.test(calendar))
    return [wrong(`--on-calendar: this cannot be a time: ${JSON.stringify(calendar)}`)];
  const answer = await nextElapse(calendar);
  if (answer?.refused !== undefined) return [wrong(`--on-calendar ${calendar}: ${answer.refused}`)];
  if (answer?.next === 'never') return [wrong(`--on-calendar ${calendar}: that time never comes again`)];
  return [];
}
