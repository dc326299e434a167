import type { Command } from 'commander';
import { prepare } from '../command-parts.ts';
import { commandGroups } from '../help-groups.ts';
import { addOptions } from '../options/option-table.ts';
import type { Tool } from '../tool.ts';

const examples = `
Examples:
  provision import ~/ansible
  provision import . --json | jq .percent

Exit codes: 0 all of it runs as it is, 2 something does not, 1 there is nothing
to read.`;

/** Registers `provision import`. */
export function declareImport(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const command = program
    .command('import')
    .description('say what of an Ansible project runs as it is, and what to write instead of the rest')
    .summary('say what of an Ansible project runs as it is')
    .helpGroup(commandGroups.begin)
    .argument('<directory>', 'where its playbooks, roles, inventory and ansible.cfg are')
    .addHelpText('after', examples);
  addOptions(command, ['color', 'json']);
  prepare(command);
  command.action(async (directory: string, options: { readonly color: boolean; readonly json?: boolean }) => {
    const { importAnsible } = await import('./import-command.ts');
    done(await importAnsible(directory, options, tool));
  });
}
