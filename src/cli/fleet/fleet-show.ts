import { FleetError } from '../../fleet/fleet-error.ts';
import { fleetRun } from '../../fleet/fleet-runs.ts';
import { Following } from '../../fleet/following.ts';
import type { Fleet } from '../../fleet/handover.ts';
import type { RunRecord } from '../../records/run-record.ts';
import { RecordsDatabase } from '../../records/store/records-database.ts';
import { readRun } from '../../records/store/run-reading.ts';
import { RunRows } from '../../records/store/run-rows.ts';
import { writeLines } from '../../report/screen.ts';
import type { RunEvent } from '../../runner/events.ts';
import type { ShowOptions } from '../records/records-options.ts';
import { checkReports, writeViews } from '../records/report-files.ts';
import { notesOf } from '../records/run-keeping.ts';
import { writeRun } from '../records/shown-run.ts';
import type { Tool } from '../tool.ts';
import { withFleet } from './opened-fleet.ts';
import { reported } from './reported.ts';

/** `provision show --fleet RUN`: a run of the fleet that has ended, as one that was done here; returns the exit code. */
export function showFleetRun(number: number | undefined, options: ShowOptions, tool: Tool): Promise<number> {
  const { report = [], json = false, color } = options;
  return reported({ color, json }, async ({ stdout, stderr }) => {
    checkReports(report);
    return await withFleet(async (fleet) => {
      const run = await recordOf(fleet, number, tool);
      if (report.length > 0) {
        writeViews(report, { run, earlier: [], now: new Date() });
        writeLines(stderr, [`report: ${report.join(', ')}`]);
        return 0;
      }
      writeRun(run, options, stdout);
      return 0;
    });
  });
}

// Its events are kept where every machine finds them; here they pass through the same tables as those of a local run.
async function recordOf(fleet: Fleet, number: number | undefined, tool: Tool): Promise<RunRecord> {
  const found = await fleetRun(fleet.database, number);
  if (found.state !== 'ended')
    throw new FleetError(`run ${found.number} goes on`, `to see it: provision attach ${found.number}`);
  const events: RunEvent[] = [];
  const never = new AbortController().signal;
  await new Following(fleet, found.id, () => undefined).follow((event) => events.push(event), never);
  const database = RecordsDatabase.inMemory();
  try {
    const start = events.find((event) => event.type === 'run-start');
    const rows = new RunRows(database, {
      command: found.check ? 'plan' : 'apply',
      ...{ playbook: found.playbook, check: found.check, started: found.started },
      ...{ version: start?.version ?? tool.version, process: '' },
    });
    const noted = await notesOf(tool);
    for (const event of events) {
      rows.put(event, 0);
      for (const note of noted(event)) rows.note(note);
    }
    const recap = events.find((event) => event.type === 'recap');
    rows.end(recap?.exitCode ?? found.exitCode ?? 4, recap?.duration ?? 0);
    const run = readRun(database, rows.run);
    if (!run) throw new Error(`run ${found.number} has left no record`);
    return { ...run, id: found.number };
  } finally {
    database.close();
  }
}
