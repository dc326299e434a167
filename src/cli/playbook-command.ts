import type { Command } from 'commander';
import { prepare } from './command-parts.ts';
import { refuseAbsentOptions } from './options/absent-options.ts';
import { addOptions, hostOptions, type OptionWords, playbookOptions } from './options/option-table.ts';
import type { Tool } from './tool.ts';

/** A command that takes a playbook, with the options that decide how it is loaded. */
export function playbookCommand(
  program: Command,
  name: string,
  description: string,
  words: OptionWords = {},
): Command {
  const command = program
    .command(name)
    .description(description)
    .argument('<playbook>', 'YAML file with the plays; it may carry its inventory');
  addOptions(command, [...playbookOptions, 'json', 'verbose', 'color'], { words });
  prepare(command);
  refuseAbsentOptions(command);
  return command;
}

/** Options of every command that speaks to hosts, those of the domains among them. */
export function runOptions(command: Command, { domains, settings }: Tool): void {
  addOptions(command, hostOptions, { settings });
  for (const domain of domains) domain.runOptions?.(command);
  addOptions(command, ['quiet', 'timings']);
}
