import type { Command } from 'commander';
import { prepare } from '../command-parts.ts';
import { commandGroups } from '../help-groups.ts';
import { addOptions } from '../options/option-table.ts';

const examples = `
Examples:
  provision explain                     all codes
  provision explain unknown-variable    what it means, with an example`;

/** Registers `provision explain`. */
export function declareExplain(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('explain')
    .description('show what the code of an error means, with a worked example')
    .summary('show what the code of an error means')
    .helpGroup(commandGroups.look)
    .argument('[code]', 'as it stands below an error; all codes without it')
    .addHelpText('after', examples);
  addOptions(command, ['color']);
  prepare(command);
  command.action(async (code: string | undefined, options: { readonly color: boolean }) => {
    const { explain } = await import('./explain-command.ts');
    done(explain(code, options));
  });
}
