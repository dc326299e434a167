import type { Command } from 'commander';
import { gathered, listed, positive, prepare } from './command-parts.ts';
import type { Tool } from './tool.ts';

/** A command that takes a playbook, with the options that decide how it is loaded. */
export function playbookCommand(
  program: Command,
  name: string,
  description: string,
  json = 'NDJSON events on stdout (docs/events.md)',
): Command {
  const command = program
    .command(name)
    .description(description)
    .argument('<playbook>', 'YAML file with the plays; it may carry its inventory')
    .option(
      '-i, --inventory <file>',
      "inventory file, directory, or 'host1,host2,'; may be given again",
      gathered,
    )
    .option('-l, --limit <pattern>', "only these hosts and groups, e.g. 'web:!web3'")
    .option('-t, --tags <tags>', 'only tasks with one of these tags, comma-separated', listed)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', listed)
    .option('-e, --extra-vars <vars>', 'key=value, JSON/YAML, or @file; may be given again', gathered)
    .option('--json', json)
    .option('-v, --verbose', 'show the output of every command, and the stack of internal errors')
    .option('--no-color', 'no colours; NO_COLOR and FORCE_COLOR work too');
  prepare(command);
  return command;
}

/** Options of every command that runs a playbook, those of the domains among them. */
export function runOptions(command: Command, { domains }: Tool): void {
  command
    .option('-f, --forks <number>', 'hosts worked on at once', positive, 25)
    .option('-b, --become', 'become another user on the hosts, with sudo')
    .option('--become-user <user>', 'who to become', 'root')
    .option('-K, --ask-become-pass', 'ask for the sudo password')
    .option('--ssh-config <file>', 'instead of ~/.ssh/config')
    .option('--connect-timeout <seconds>', 'give up a connection attempt after this time', positive, 10)
    .option(
      '--shell-timeout <seconds>',
      'give up a host whose shell is not ready after this time',
      positive,
      30,
    )
    .option('--timeout <seconds>', 'end the run after this time, in order: exit code 124', positive);
  for (const domain of domains) domain.runOptions?.(command);
  command
    .option('-q, --quiet', 'no progress; results, failures and the recap only')
    .option('--timings', 'print where the time went, by host and round trip');
}
