import { type Command, InvalidArgumentError } from 'commander';
import { positive, prepare } from '../command-parts.ts';
import { commandGroups } from '../help-groups.ts';
import { addOptions } from '../options/option-table.ts';
import type { Tool } from '../tool.ts';
import type { RunsOptions, ShowOptions } from './records-options.ts';

const examples = {
  runs: `
Examples:
  provision runs
  provision runs home-lab.yml --last 5
  provision runs --json | jq '.runs[0]'`,
  show: `
Examples:
  provision show           the last run
  provision show 12 -D     run 12, changed texts as diffs
  provision show 12 --report run.html
  provision show 12 --json | jq '.results[] | select(.status == "changed")'`,
};

/** Registers the commands that read what is kept of runs. */
export function declareRecords(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const words = { json: 'one JSON document on stdout' };
  const runs = program
    .command('runs')
    .description('list the runs of this machine: what ran when, on how many hosts, and how it ended')
    .summary('list earlier runs')
    .helpGroup(commandGroups.look)
    .argument('[playbook]', 'only runs of this playbook')
    .option('-n, --last <number>', 'so many of the newest runs', positive, 20)
    .option('--fleet', 'runs of the fleet that this machine belongs to')
    .addHelpText('after', examples.runs);
  addOptions(runs, ['json', 'color'], { words });
  prepare(runs);
  runs.action(async (playbook: string | undefined, options: RunsOptions) => {
    if (options.fleet) {
      const { listFleetRuns } = await import('../fleet/fleet-list.ts');
      return done(await listFleetRuns(options));
    }
    const { listRuns } = await import('./runs-command.ts');
    done(listRuns(playbook, options));
  });
  const show = program
    .command('show')
    .description('show one run: each host, what changed and failed, certificates that it saw')
    .summary('show one run: what changed, what failed')
    .helpGroup(commandGroups.look)
    .argument('[run]', 'number of the run, as `provision runs` lists it; the last one without it', runNumber)
    .option('--fleet', 'a run of the fleet, as `provision runs --fleet` lists it, once it has ended')
    .addHelpText('after', examples.show);
  addOptions(show, ['diff', 'report', 'json', 'color'], { words });
  prepare(show);
  show.action(async (run: number | undefined, options: ShowOptions) => {
    if (options.fleet) {
      const { showFleetRun } = await import('../fleet/fleet-show.ts');
      return done(await showFleetRun(run, options, tool));
    }
    const { showRun } = await import('./show-command.ts');
    done(showRun(run, options));
  });
}

function runNumber(value: string): number {
  try {
    return positive(value);
  } catch {
    throw new InvalidArgumentError('It must be the number of a run; `provision runs` lists them.');
  }
}
