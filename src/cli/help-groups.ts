import type { Command, HelpConfiguration } from 'commander';

/** Headings of the commands in `provision --help`, in this order. */
export const commandGroups = {
  begin: 'First steps:',
  run: 'Runs:',
  logs: 'Log servers and clients:',
  look: 'Looking:',
  fleet: 'Several machines that run (docs/fleet.md):',
} as const;

/** Headings of options, in this order; those that only one command has come before them. */
export const optionGroups = {
  about: 'Which hosts and tasks:',
  secrets: 'Passwords:',
  reach: 'How hosts are reached:',
  shown: 'What is shown:',
} as const;

const order: readonly string[] = [
  'Options:',
  ...Object.values(optionGroups),
  ...Object.values(commandGroups),
  'Commands:',
];

/** How help is laid out: groups in a fixed order, and of each command one line. Commands below take it over. */
export const helpLayout: HelpConfiguration = {
  groupItems: (_declared, visible, group) =>
    new Map(
      [...Map.groupBy(visible, group)].toSorted(
        ([one], [other]) => order.indexOf(one) - order.indexOf(other),
      ),
    ),
  subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(term)].join(' '),
};

function term(argument: Command['registeredArguments'][number]): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
