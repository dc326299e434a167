import type { Command } from 'commander';
import { positive } from '../../../../cli/command-parts.ts';
import { commandGroups } from '../../../../cli/help-groups.ts';
import { playbookCommand, runOptions } from '../../../../cli/playbook-command.ts';
import type { Tool } from '../../../../cli/tool.ts';
import type { CertsOptions } from './certs-command.ts';

const examples = `
Examples:
  provision certs home-lab.yml
  provision certs home-lab.yml --warn-days 14 || echo something is to be done
  provision certs site.yml -i hosts.yml --json | jq '.certificates[].notAfter'

Exit codes: 0 all in order, 2 something is due, 1 usage, playbook or internal
error, or a task would fail, 4 a host was unreachable, 124 --timeout was over,
130 interrupted.
2 wins over 1 and 4.`;

/** Registers `provision certs`. */
export function declareCerts(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const certs = playbookCommand(
    program,
    'certs',
    'show whether all certificates are in order, and what is due',
    { json: 'one JSON document on stdout (docs/certs-json.md)' },
  )
    .summary('show which certificates are due')
    .helpGroup(commandGroups.logs)
    .option(
      '--warn-days <days>',
      'due when fewer days are left; else what its renewal waits for, or a third of its life',
      positive,
    )
    .addHelpText('after', examples)
    .action(async (playbook: string, options: CertsOptions) => {
      const { certs } = await import('./certs-command.ts');
      done(await certs(playbook, options, tool));
    });
  runOptions(certs, tool);
}
