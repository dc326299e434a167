import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { reportProblems } from '../../../../cli/problem-output.ts';
import { openTerminal, type Terminal } from '../../../../cli/terminal.ts';
import type { Tool } from '../../../../cli/tool.ts';
import { ProvisionError } from '../../../../errors/problem.ts';
import { writeLines } from '../../../../report/screen.ts';
import { remove } from '../../../../schedule/installation.ts';
import { nameComplaint, scheduleName } from '../../../../schedule/schedule-name.ts';
import { scheduleStatuses } from '../../../../schedule/schedule-status.ts';
import { ServiceManager, systemdPlace } from '../../../../schedule/service-manager.ts';
import { installSchedule, showSchedule } from './schedule-installing.ts';
import { scheduleLines } from './schedule-list.ts';
import type { ScheduleOptions } from './schedule-options.ts';
import { passwordProblem } from './schedule-request.ts';
import { runSchedule } from './schedule-run.ts';

/** `provision schedule`: makes, shows, runs, lists or removes schedules; returns the exit code. */
export async function schedule(
  playbook: string | undefined,
  options: ScheduleOptions,
  tool: Tool,
): Promise<number> {
  const terminal = openTerminal(options.color);
  try {
    return await obey(playbook, options, tool, terminal);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook: playbook ?? '', version: tool.version, json: false }, terminal);
    return 1;
  }
}

async function obey(
  playbook: string | undefined,
  options: ScheduleOptions,
  tool: Tool,
  terminal: Terminal,
): Promise<number> {
  const systemd = new ServiceManager(systemdPlace(process.getuid?.()));
  if (options.list) return await list(playbook, systemd, terminal);
  if (options.remove) return await takeAway(playbook, options.name, systemd, terminal);
  if (playbook === undefined) throw new TypeError('a schedule needs a playbook');
  if (options.run) {
    const problem = passwordProblem(options);
    if (problem) throw new ProvisionError([problem]);
    return await runSchedule(playbook, options, tool, process.env.STATE_DIRECTORY);
  }
  const program = {
    node: process.execPath,
    main: realpathSync(process.argv[1] ?? ''),
    directory: process.cwd(),
    manager: systemd.place.manager,
  };
  const act = options.show ? showSchedule : installSchedule;
  await act(playbook, options, tool, program, systemd, terminal);
  return 0;
}

async function list(
  playbook: string | undefined,
  systemd: ServiceManager,
  { stdout }: Terminal,
): Promise<number> {
  const path = playbook === undefined ? undefined : resolve(playbook);
  const all = await scheduleStatuses(systemd);
  writeLines(
    stdout,
    scheduleLines(
      all.filter((one) => path === undefined || one.playbook === path),
      stdout,
    ),
  );
  return 0;
}

async function takeAway(
  playbook: string | undefined,
  given: string | undefined,
  systemd: ServiceManager,
  { stdout }: Terminal,
): Promise<number> {
  const name = given ?? scheduleName(resolve(playbook ?? ''));
  const complaint = nameComplaint(name);
  if (complaint !== undefined) {
    const message = `--name ${name} cannot be the name of a unit`;
    throw new ProvisionError([{ code: 'wrong-name', message, hint: complaint }]);
  }
  const removed = await remove(name, systemd);
  writeLines(stdout, [
    `${name}: ${removed ? stdout.paint('yellow', 'removed') : 'unchanged: there is none'}`,
  ]);
  return 0;
}
