import { type Command, InvalidArgumentError } from 'commander';
import { positive, prepare } from '../command-parts.ts';
import { commandGroups } from '../help-groups.ts';
import { addOptions } from '../options/option-table.ts';
import type { Tool } from '../tool.ts';
import type { AttachOptions, FleetOptions, WorkerOptions } from './fleet-options.ts';

const examples = {
  fleet: `
Examples:
  provision fleet init postgres://provision@db.example.com/provision
  provision worker --site vienna   on a machine that reaches its hosts
  provision apply site.yml --fleet
docs/fleet.md says when a fleet is worth its server.`,
  attach: `
Examples:
  provision attach         the last run of the fleet
  provision attach 12      run 12, from its first event on`,
};

/** Registers the commands of a fleet. */
export function declareFleet(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const fleet = program
    .command('fleet')
    .description('share runs among several workers, through a PostgreSQL database')
    .summary('share runs among workers, through PostgreSQL')
    .helpGroup(commandGroups.fleet)
    .addHelpText('after', examples.fleet);
  prepare(fleet);
  const init = fleet
    .command('init')
    .description('make the tables, and the file that each machine of the fleet needs')
    .argument('<database>', 'postgres://user@host/name; its password may be in ~/.pgpass');
  addOptions(init, ['color']);
  prepare(init);
  init.action(async (database: string, options: FleetOptions) => {
    const { initFleet } = await import('./fleet-init.ts');
    done(await initFleet(database, options));
  });
  const worker = program
    .command('worker')
    .description('do the parts of fleet runs that belong to a site, until it is stopped')
    .summary("do a site's parts of fleet runs")
    .helpGroup(commandGroups.fleet)
    .requiredOption(
      '--site <name>',
      'a site whose hosts this machine reaches; may be given again',
      (value: string, earlier?: readonly string[]) => [...(earlier ?? []), siteName(value)],
    )
    .option('--keep <folder>', 'stands for .provision beside a playbook: the private CA is in there');
  addOptions(worker, ['sshConfig', 'color'], { settings: tool.settings });
  prepare(worker);
  worker.action(async (options: WorkerOptions) => {
    const { runWorker } = await import('./worker-command.ts');
    done(await runWorker(options, tool));
  });
  const attach = program
    .command('attach')
    .description('show a run of the fleet from its first event on, as if it were done here')
    .summary('show a run of the fleet')
    .helpGroup(commandGroups.fleet)
    .argument('[run]', 'its number, as `provision runs --fleet` lists it; the last one without it', positive)
    .addHelpText('after', examples.attach);
  addOptions(attach, ['diff', 'json', 'verbose', 'quiet', 'color']);
  prepare(attach);
  attach.action(async (run: number | undefined, options: AttachOptions) => {
    const { attachRun } = await import('./attach-command.ts');
    done(await attachRun(run, options));
  });
  const stop = program
    .command('stop')
    .description('stop a run of the fleet; steps in flight are finished')
    .summary('stop a run of the fleet')
    .helpGroup(commandGroups.fleet)
    .argument('<run>', 'its number, as `provision runs --fleet` lists it', positive);
  addOptions(stop, ['color']);
  prepare(stop);
  stop.action(async (run: number, options: FleetOptions) => {
    const { stopFleetRun } = await import('./stop-command.ts');
    done(await stopFleetRun(run, options));
  });
}

function siteName(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(value)) return value;
  throw new InvalidArgumentError('It must be letters, digits, - and _.');
}
