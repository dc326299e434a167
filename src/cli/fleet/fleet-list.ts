import { fleetRuns } from '../../fleet/fleet-runs.ts';
import { jsonText } from '../../report/json-text.ts';
import { writeLines } from '../../report/screen.ts';
import { visibleText } from '../../report/visible-text.ts';
import { withFleet } from './opened-fleet.ts';
import { reported } from './reported.ts';

/** `provision runs --fleet`: the newest runs of the fleet; returns the exit code. */
export function listFleetRuns({
  last,
  json = false,
  color,
}: {
  readonly last: number;
  readonly json?: boolean;
  readonly color: boolean;
}): Promise<number> {
  return reported({ color, json }, async ({ stdout, stderr }) => {
    return await withFleet(async ({ database }) => {
      const runs = await fleetRuns(database, last);
      if (json) writeLines(stdout, [jsonText({ type: 'fleet-runs', format: 1, runs }, 2)]);
      else if (runs.length === 0)
        writeLines(stderr, ['the fleet has no run yet; `provision apply PLAYBOOK --fleet` hands one over']);
      else
        writeLines(
          stdout,
          runs.map((run) => {
            const how = run.state === 'ended' ? `ended ${run.exitCode}` : run.state;
            const where = run.workers.length > 0 ? `, at ${run.workers.join(', ')}` : '';
            const what = `${run.check ? 'plan of ' : ''}${run.playbook}`;
            return visibleText(
              `${run.number}  ${run.started.slice(0, 19)}Z  ${how}  ${run.hosts} hosts in ${run.shards} parts  ${what}  by ${run.who}${where}`,
            );
          }),
        );
      return 0;
    });
  });
}
