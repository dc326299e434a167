import type { Command } from 'commander';
import type { RunOptions } from '../command-options.ts';
import { prepare } from '../command-parts.ts';
import { commandGroups } from '../help-groups.ts';
import { refuseAbsentOptions } from '../options/absent-options.ts';
import { addOptions, hostOptions } from '../options/option-table.ts';
import type { Tool } from '../tool.ts';

const hosts = "hosts or groups of the inventory, e.g. 'web:!web3'; all without it";

const examples = {
  run: `
Examples:
  provision run all -i hosts.yml -- uptime
  provision run web -i home-lab.yml -b -- systemctl is-active rsyslog
  provision run h1 -- 'df -h / | tail -n 1'

One word is a line for the host's shell, several are a program and its
arguments.
-i takes a playbook too: its own inventory is meant then.
Exit codes: as with apply.`,
  ping: `
Examples:
  provision ping -i hosts.yml
  provision ping web`,
  facts: `
Examples:
  provision facts h1 -i home-lab.yml
  provision facts h1 --json | jq .h1.distribution`,
  inventory: `
Examples:
  provision inventory -i hosts.yml
  provision inventory --graph web`,
};

/** Registers the commands that need an inventory and no playbook. */
export function declareAdhoc(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  talking(program, 'run', 'run one command on many hosts', tool)
    .helpGroup(commandGroups.run)
    .argument('<pattern>', hosts.replace('; all without it', ''))
    .argument('<command...>', 'what is run there, behind `--`')
    .addHelpText('after', examples.run)
    .action(async (pattern: string, words: readonly string[], options: RunOptions) => {
      const { runEverywhere } = await import('./run-everywhere.ts');
      done(await runEverywhere(pattern, words, options, tool));
    });
  talking(program, 'ping', 'show which hosts can be reached and worked on; change nothing', tool)
    .summary('show which hosts can be worked on')
    .helpGroup(commandGroups.look)
    .argument('[pattern]', hosts, 'all')
    .addHelpText('after', examples.ping)
    .action(async (pattern: string, options: RunOptions) => {
      const { ping } = await import('./ping.ts');
      done(await ping(pattern, options, tool));
    });
  talking(program, 'facts', 'show what is known of a host: system, addresses, processors, memory', tool)
    .summary('show what is known of a host')
    .helpGroup(commandGroups.look)
    .argument('<pattern>', hosts.replace('; all without it', ''))
    .addHelpText('after', examples.facts)
    .action(async (pattern: string, options: RunOptions) => {
      const { facts } = await import('./facts.ts');
      done(await facts(pattern, options, tool));
    });
  const inventory = program
    .command('inventory')
    .description('show groups and hosts; ask no host')
    .argument('[pattern]', hosts, 'all')
    .option('--graph', 'as a tree of groups, as `ansible-inventory --graph` draws it; the default')
    .addHelpText('after', examples.inventory);
  addOptions(inventory, ['inventory', 'extraVars', 'json', 'color'], {
    words: { json: 'one JSON document on stdout' },
  });
  prepare(inventory);
  inventory.action(async (pattern: string, options: RunOptions) => {
    const { inventory: show } = await import('./inventory-graph.ts');
    done(await show(pattern, options, tool));
  });
}

function talking(program: Command, name: string, description: string, tool: Tool): Command {
  const command = program.command(name).description(description);
  const own = name === 'run' ? (['check'] as const) : [];
  const words = name === 'facts' ? { json: 'one JSON document on stdout' } : {};
  addOptions(command, ['inventory', 'extraVars', ...own, 'json', 'verbose', 'color'], { words });
  addOptions(command, hostOptions, { settings: tool.settings });
  addOptions(command, ['quiet']);
  prepare(command);
  refuseAbsentOptions(command);
  return command;
}
