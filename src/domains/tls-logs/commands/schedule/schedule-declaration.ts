import { type Command, InvalidArgumentError, Option } from 'commander';
import { gathered, prepare } from '../../../../cli/command-parts.ts';
import { commandGroups } from '../../../../cli/help-groups.ts';
import { addOptions, fleetOptions } from '../../../../cli/options/option-table.ts';
import type { Tool } from '../../../../cli/tool.ts';
import type { ScheduleOptions } from './schedule-options.ts';

const examples = `
Examples:
  provision schedule home-lab.yml                 every night, from now on
  provision schedule home-lab.yml --show          the units; write nothing
  provision schedule site.yml -i hosts.yml --on-calendar 'Mon..Fri 04:00'
  provision schedule home-lab.yml --run           what the timer does, now
  provision schedule --list                       next run, last run, result
  provision schedule home-lab.yml --remove

As root for the system, as another user for that user's own service manager.
Output of the runs: journalctl [--user] -u NAME.`;

/** Registers `provision schedule`. */
export function declareSchedule(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const command = program
    .command('schedule')
    .description('let a systemd timer of this machine renew the certificates of a playbook when they are due')
    .summary('renew certificates by a systemd timer')
    .helpGroup(commandGroups.logs)
    .argument('[playbook]', 'YAML file with the plays; tasks with the tag certificates are run');
  addOptions(
    command,
    ['inventory', 'limit', 'extraVars', 'user', 'privateKey', 'become', 'becomeUser', 'sshConfig'],
    {
      words: { extraVars: '@file; values themselves are refused, as all may read units' },
      settings: tool.settings,
    },
  );
  command
    .option('--ca-passphrase-file <file>', "passphrase of the private CA's key, for systemd to hand over")
    .option('--on-calendar <when>', "as systemd.time(7) has it; else once a night, within an hour's range")
    .option('--grace-days <days>', 'fail when a host was not reached for so many days', days, 7)
    .option(
      '--notify <target>',
      'report failures and renewals to mailto:ADDRESS, or to the targets in @FILE',
      gathered,
    )
    .option('--name <name>', 'name of the units; else made of the name of the playbook')
    .addOption(new Option('-K, --ask-become-pass').hideHelp());
  addOptions(command, fleetOptions, tool);
  addOptions(command, ['color']);
  for (const [flag, what] of Object.entries(modes)) {
    const others = Object.keys(modes).filter((mode) => mode !== flag);
    command.addOption(new Option(`--${flag}`, what).conflicts(others));
  }
  prepare(command);
  command
    .addHelpText('after', examples)
    .action(async (playbook: string | undefined, options: ScheduleOptions) => {
      if (playbook === undefined && !options.list && !(options.remove && options.name !== undefined))
        command.error("error: missing required argument 'playbook'");
      const { schedule } = await import('./schedule-command.ts');
      done(await schedule(playbook, options, tool));
    });
}

const modes = {
  show: 'print the units; write nothing',
  run: 'do now what the timer does; for cron, where there is no systemd',
  list: 'show when each schedule runs and how its last run ended',
  remove: 'remove the units, and all that belongs to them',
} as const;

function days(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || value.trim() === '')
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return number;
}
