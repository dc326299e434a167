import { openReport } from '../report/run-report.ts';
import type { RunOptions } from './command-options.ts';
import { exitCodeOf } from './exit-code.ts';
import { runPlaybook } from './playbook-run.ts';
import type { Tool } from './tool.ts';

/** `provision apply` and `provision plan`: loads the playbook, runs it, reports; returns the exit code. */
export async function apply(file: string, options: RunOptions, tool: Tool): Promise<number> {
  const { json = false, diff = false, verbose = false, quiet = false } = options;
  return await runPlaybook(file, options, tool, {
    open: async (terminal, redactor) => {
      const live = terminal.live && !json && !quiet;
      const report = await openReport({ ...terminal, json, diff, verbose, quiet, live, redactor });
      return { ...report, finish: (outcome) => exitCodeOf(outcome, options.detailedExitcode === true) };
    },
  });
}
