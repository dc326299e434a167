import type { Command } from 'commander';
import type { RunOptions } from '../../../../cli/command-options.ts';
import { prepare } from '../../../../cli/command-parts.ts';
import { commandGroups } from '../../../../cli/help-groups.ts';
import { addOptions } from '../../../../cli/options/option-table.ts';
import { runOptions } from '../../../../cli/playbook-command.ts';
import type { Tool } from '../../../../cli/tool.ts';

const examples = `
Examples:
  provision doctor                  this machine alone
  provision doctor home-lab.yml     and each host of its inventory

Exit codes: 0 nothing is wrong, 2 something is, 4 a host was unreachable,
1 usage, inventory or internal error. 2 wins over 4.`;

/** Registers `provision doctor`. */
export function declareDoctor(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const doctor = program
    .command('doctor')
    .description('look at this machine and each host for what would make a run fail, each with its fix')
    .summary('look for what would make a run fail')
    .helpGroup(commandGroups.begin)
    .argument('[playbook]', 'whose hosts are looked at; this machine alone without it')
    .addHelpText('after', examples);
  addOptions(doctor, ['inventory', 'limit', 'extraVars', 'json', 'verbose', 'color'], {
    words: { json: 'one JSON document on stdout' },
  });
  runOptions(doctor, tool);
  prepare(doctor);
  doctor.action(async (playbook: string | undefined, options: RunOptions) => {
    const { doctor: look } = await import('./doctor-command.ts');
    done(await look(playbook, options, tool));
  });
}
