import { Argument, type Command } from 'commander';
import { prepare } from '../command-parts.ts';
import { addOptions } from '../options/option-table.ts';
import type { Tool } from '../tool.ts';
import { type CompletionKind, completionKinds } from './completion-kinds.ts';

/** Registers `provision complete-words`, which shells call while a person types; nobody else needs it. */
export function declareCompletion(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const command = program
    .command('complete-words', { hidden: true })
    .description('print the words that may stand behind an option, one on each line')
    .addArgument(new Argument('<kind>', 'what is wanted').choices(completionKinds))
    .argument('<playbook>', 'YAML file with the plays');
  addOptions(command, ['inventory']);
  prepare(command);
  command.action(
    async (kind: CompletionKind, playbook: string, { inventory = [] }: { inventory?: readonly string[] }) => {
      const { completionWords } = await import('./completion-words.ts');
      // Whoever is typing is shown what is wrong when the command runs.
      const words = await completionWords(kind, playbook, inventory, tool).catch(() => []);
      process.stdout.write(words.map((word) => `${word}\n`).join(''));
      done(0);
    },
  );
}
