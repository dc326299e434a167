import { existsSync } from 'node:fs';
import { FleetDatabase } from '../../fleet/database.ts';
import { Engine } from '../../fleet/engine.ts';
import { accessFile, readAccess, writeAccess } from '../../fleet/fleet-access.ts';
import { FleetError } from '../../fleet/fleet-error.ts';
import { FleetKey } from '../../fleet/sealing.ts';
import { writeLines } from '../../report/screen.ts';
import type { FleetOptions } from './fleet-options.ts';
import { fleetProblem } from './opened-fleet.ts';
import { reported } from './reported.ts';

/** `provision fleet init`: makes the tables and this machine's access to them; returns the exit code. */
export function initFleet(url: string, options: FleetOptions): Promise<number> {
  return reported(options, async ({ stdout }) => {
    let database: FleetDatabase | undefined;
    try {
      if (!/^postgres(?:ql)?:\/\//.test(url) || !URL.canParse(url))
        throw new FleetError(
          `${url} is no address of a PostgreSQL database`,
          'write postgres://user@host/name',
        );
      const file = accessFile();
      // A key that is there may have sealed runs already.
      const key = existsSync(file) ? readAccess(file).key : await FleetKey.generate();
      database = new FleetDatabase(url);
      await database.prepare();
      const engine = await Engine.open(url, () => undefined, false);
      await engine.close();
      writeAccess({ database: url, key }, file);
      writeLines(stdout, [
        `the fleet is ready; ${file} is its key`,
        'copy that file to each worker and to whoever hands runs over: who has it reads all runs and can hand over more',
      ]);
      return 0;
    } catch (error) {
      throw fleetProblem(error);
    } finally {
      await database?.close();
    }
  });
}
