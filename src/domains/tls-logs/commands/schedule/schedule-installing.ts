import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { defaultInventories } from '../../../../cli/loaded-playbook.ts';
import type { Terminal } from '../../../../cli/terminal.ts';
import { allFilters, allResources, type Tool } from '../../../../cli/tool.ts';
import { type Problem, ProvisionError } from '../../../../errors/problem.ts';
import type { Playbook } from '../../../../language/model.ts';
import { loadPlaybook } from '../../../../language/playbook-loader.ts';
import { writeLines } from '../../../../report/screen.ts';
import { visibleText } from '../../../../report/visible-text.ts';
import { install } from '../../../../schedule/installation.ts';
import type { ServiceManager } from '../../../../schedule/service-manager.ts';
import { unitFiles } from '../../../../schedule/unit-files.ts';
import { certificateTag, certificateTasks } from '../certs/certificate-tasks.ts';
import type { ScheduleOptions } from './schedule-options.ts';
import { type RunningProgram, scheduleOf } from './schedule-request.ts';
import { unattendedKeyWarnings } from './unattended-keys.ts';

/** Prints the units that would be written; the playbook is checked all the same. */
export async function showSchedule(
  playbook: string,
  options: ScheduleOptions,
  tool: Tool,
  program: RunningProgram,
  { place }: ServiceManager,
  { stdout }: Terminal,
): Promise<void> {
  const schedule = await scheduleOf(playbook, options, program);
  await load(playbook, options, tool);
  const { service, timer } = unitFiles(schedule);
  const texts = [service, timer].map(({ name, text }) => `# ${join(place.folder, name)}\n${text}`);
  writeLines(stdout, [texts.join('\n').trimEnd()]);
}

/** Checks the playbook, writes the units, starts the timer, and prints what is to be known about it. */
export async function installSchedule(
  playbook: string,
  options: ScheduleOptions,
  tool: Tool,
  program: RunningProgram,
  systemd: ServiceManager,
  { stdout, stderr }: Terminal,
): Promise<void> {
  const schedule = await scheduleOf(playbook, options, program);
  const loaded = await load(playbook, options, tool);
  const done = await install(schedule, systemd);
  const { service, timer } = unitFiles(schedule);
  const { folder, manager } = systemd.place;
  const [state] = await systemd.show([timer.name], ['NextElapseUSecRealtime']);
  const journal = manager === 'user' ? 'journalctl --user' : 'journalctl';
  writeLines(stdout, [
    `${schedule.name}: ${done === 'unchanged' ? stdout.paint('green', done) : stdout.paint('yellow', done)}`,
    `  units     ${visibleText(join(folder, service.name))}, .timer`,
    `  next run  ${state?.get('NextElapseUSecRealtime') || 'not known'}`,
    `  try it    ${systemd.words} start ${service.name}; ${journal} -u ${schedule.name}`,
  ]);
  const warnings = [
    ...loaded.warnings,
    // The workers of a fleet have keys of their own.
    ...(options.fleet ? [] : unattendedKeyWarnings(loaded, options.sshConfig, await agentOf(systemd))),
    ...lingerWarnings(systemd),
    ...nodeWarnings(program),
  ];
  writeLines(
    stderr,
    warnings.map((warning) => `${stderr.paint('yellow', 'warning:')} ${visibleText(warning)}`),
  );
}

async function load(
  file: string,
  options: ScheduleOptions,
  { domains, settings: set }: Tool,
): Promise<Playbook> {
  const { inventory = [], extraVars = [], limit } = options;
  const tags = [certificateTag];
  const resources = await allResources(domains);
  const filters = await allFilters(domains);
  const { user, privateKey } = options;
  const login = { user, privateKey };
  // The timer has the folder of this command, and none of its environment.
  const defaults = defaultInventories(set, {});
  const settings = {
    inventories: inventory,
    defaultInventories: defaults,
    login,
    extraVars,
    limit,
    tags,
    skipTags: [],
    resources,
    filters,
  };
  const playbook = await loadPlaybook(file, settings).catch((error: unknown) => {
    if (!(error instanceof ProvisionError)) throw error;
    throw new ProvisionError(error.problems.map(withoutTagOption), error.sources);
  });
  if (certificateTasks(playbook, resources).some) return playbook;
  const message = `${file} has no task about certificates: nothing would ever be due`;
  throw new ProvisionError([{ code: 'no-certificates', message }]);
}

// Nobody has typed --tags here.
function withoutTagOption(problem: Problem): Problem {
  if (problem.code !== 'unknown-tag') return problem;
  return {
    ...problem,
    message: `no task has the tag '${certificateTag}': the timer would have nothing to run`,
    hint: `put \`tags: ${certificateTag}\` on the tasks or roles that renew certificates`,
  };
}

// The service has the environment of its manager, not of this login.
async function agentOf(systemd: ServiceManager): Promise<string | undefined> {
  if (systemd.place.manager === 'system') return undefined;
  const { stdout } = await systemd.ask('show-environment');
  return /^SSH_AUTH_SOCK=(.+)$/m.exec(stdout)?.[1];
}

function lingerWarnings({ place }: ServiceManager): readonly string[] {
  const { username } = userInfo();
  if (place.manager === 'system' || existsSync(`/var/lib/systemd/linger/${username}`)) return [];
  return [
    `the timer runs only while ${username} is logged in; \`loginctl enable-linger ${username}\` lets it run always`,
  ];
}

function nodeWarnings({ node, main }: RunningProgram): readonly string[] {
  const passing = [node, main].find((path) => /\/_npx\//.test(path));
  if (passing === undefined) return [];
  return [
    `the timer will run ${passing}, which lies in npm's cache and may be gone any day: install it instead`,
  ];
}
