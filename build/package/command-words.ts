import type { Argument, Command, Option } from 'commander';

/** A command that can be typed, with all its parents. */
export interface TypedWords {
  /** `provision ca init`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  /** Names of the commands below it. */
  readonly below: readonly string[];
}

/** Every command below a program, itself first, in the order in which `--help` shows them. */
export function commandWords(command: Command, parents: readonly string[] = []): readonly TypedWords[] {
  const path = [...parents, command.name()];
  const help = command.createHelp();
  const below = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const own = {
    path,
    description: command.description(),
    arguments: command.registeredArguments,
    options: help.visibleOptions(command),
    below: below.map((child) => child.name()),
  };
  return [own, ...below.flatMap((child) => commandWords(child, path))];
}
