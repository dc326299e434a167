import type { Command } from 'commander';
import { positive } from '../../../../cli/command-parts.ts';
import { commandGroups } from '../../../../cli/help-groups.ts';
import { playbookCommand, runOptions } from '../../../../cli/playbook-command.ts';
import type { Tool } from '../../../../cli/tool.ts';
import type { StatusOptions } from './status-options.ts';

const examples = `
Examples:
  provision status home-lab.yml
  provision status home-lab.yml --watch
  provision status home-lab.yml --json | jq '.troubles'

Exit codes: 0 healthy, 2 something is wrong, 4 a host was unreachable, 1 usage,
playbook or internal error, or nothing to look at, 124 --timeout was over,
130 interrupted. 2 wins over 4.`;

/** Registers `provision status`. */
export function declareStatus(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const status = playbookCommand(
    program,
    'status',
    'show whether logging is healthy: last lines, TLS, queues, certificates, disks; nothing is sent or changed',
    { json: 'one JSON document on stdout (docs/log-server.md)' },
  )
    .summary('show whether logging is healthy')
    .helpGroup(commandGroups.logs)
    .option('--watch [seconds]', 'look again every so many seconds, 10 by default, until Ctrl-C', positive)
    .option(
      '--silent-hours <hours>',
      'hours without a line after which a client counts as silent',
      positive,
      24,
    )
    .option('--warn-days <days>', 'days that a certificate must have left', positive, 14)
    .addHelpText('after', examples)
    .action(async (playbook: string, options: StatusOptions) => {
      const { status: look } = await import('./status-command.ts');
      done(await look(playbook, options, tool));
    });
  runOptions(status, tool);
}
