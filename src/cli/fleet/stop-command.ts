import { fleetRun } from '../../fleet/fleet-runs.ts';
import { stopRun } from '../../fleet/following.ts';
import { writeLines } from '../../report/screen.ts';
import type { FleetOptions } from './fleet-options.ts';
import { withFleet } from './opened-fleet.ts';
import { reported } from './reported.ts';

/** `provision stop`: asks the workers to stop a run; returns the exit code. */
export function stopFleetRun(number: number, options: FleetOptions): Promise<number> {
  return reported(options, async ({ stderr }) => {
    return await withFleet(async (fleet) => {
      const run = await fleetRun(fleet.database, number);
      if (run.state === 'ended') writeLines(stderr, [`run ${number} has ended already`]);
      else {
        await stopRun(fleet, run.id);
        writeLines(stderr, [`run ${number}: the workers finish the steps in flight and stop`]);
      }
      return 0;
    });
  });
}
