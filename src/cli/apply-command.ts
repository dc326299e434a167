import { openReport } from '../report/run-report.ts';
import { writeLines } from '../report/screen.ts';
import type { RunOptions } from './command-options.ts';
import { exitCodeOf } from './exit-code.ts';
import { playSizes } from './play-sizes.ts';
import { playbookListing } from './playbook-listing.ts';
import { runPlaybook } from './playbook-run.ts';
import type { Tool } from './tool.ts';
import { typedCommand } from './typed-command.ts';

/** `provision apply` and `provision plan`: loads the playbook, runs it, reports; returns the exit code. */
export async function apply(file: string, options: RunOptions, tool: Tool): Promise<number> {
  const { json = false, diff = false, verbose = false, quiet = false, brief = false } = options;
  const offers = options.check === true && options.out === undefined && !options.ask;
  const next = offers ? { next: typedCommand('apply', file, options, ...chosenTasks(options)) } : {};
  return await runPlaybook(file, options, tool, {
    kept: options.check ? 'plan' : 'apply',
    needless: (playbook, terminal) => {
      const { stdout } = terminal;
      const listing = playbookListing(playbook, options, stdout.paint);
      if (listing) writeLines(stdout, listing);
      return listing && 0;
    },
    open: async (terminal, redactor, playbook) => {
      const live = terminal.live && !json && !quiet;
      const plays = playSizes(playbook, options);
      const choice = { json, diff, brief, verbose, quiet, live, ...next };
      const report = await openReport({ ...terminal, ...choice, redactor, plays });
      return { ...report, finish: (outcome) => exitCodeOf(outcome, options.detailedExitcode === true) };
    },
  });
}

function chosenTasks({ tags = [], skipTags = [], startAtTask }: RunOptions): readonly string[] {
  return [
    ...(tags.length > 0 ? ['-t', tags.join(',')] : []),
    ...(skipTags.length > 0 ? ['--skip-tags', skipTags.join(',')] : []),
    ...(startAtTask === undefined ? [] : ['--start-at-task', startAtTask]),
  ];
}
