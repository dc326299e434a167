import { fleetRun } from '../../fleet/fleet-runs.ts';
import { Redactor } from '../../report/redaction.ts';
import { openReport } from '../../report/run-report.ts';
import { watchInterruption } from '../interruption.ts';
import type { AttachOptions } from './fleet-options.ts';
import { followRun, interruptedFleet } from './fleet-runner.ts';
import { withFleet } from './opened-fleet.ts';
import { reported } from './reported.ts';

/** `provision attach`: shows a run of the fleet, one that has ended too; returns its exit code. */
export function attachRun(number: number | undefined, options: AttachOptions): Promise<number> {
  const { json = false, diff = false, verbose = false, quiet = false } = options;
  return reported({ ...options, json }, async (terminal) => {
    return await withFleet(async (fleet) => {
      const run = await fleetRun(fleet.database, number);
      const live = terminal.live && !json && !quiet;
      const choice = { json, diff, verbose, quiet, live, redactor: new Redactor() };
      const report = await openReport({ ...terminal, ...choice });
      const interruption = watchInterruption({
        say: report.notice,
        first: interruptedFleet,
        leave: (exitCode) => process.exit(exitCode),
      });
      try {
        const { stop, kill } = interruption;
        return (await followRun(fleet, run, { report: report.report, stop, kill }, report)).exitCode;
      } finally {
        await report.end();
        interruption.end();
      }
    });
  });
}
