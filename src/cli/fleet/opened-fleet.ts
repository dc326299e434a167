import { ProvisionError } from '../../errors/problem.ts';
import { FleetDatabase } from '../../fleet/database.ts';
import { readAccess } from '../../fleet/fleet-access.ts';
import { FleetError } from '../../fleet/fleet-error.ts';
import type { Fleet } from '../../fleet/handover.ts';
import { FleetKey } from '../../fleet/sealing.ts';

/** Does something with this machine's fleet; what cannot be done is thrown as a problem. */
export async function withFleet<T>(work: (fleet: Fleet) => Promise<T>): Promise<T> {
  let database: FleetDatabase | undefined;
  try {
    const { database: url, key } = readAccess();
    database = new FleetDatabase(url);
    return await work({ url, database, key: new FleetKey(key) });
  } catch (error) {
    throw fleetProblem(error);
  } finally {
    await database?.close();
  }
}

/** What a fleet says, as a problem; anything else as it is. */
export function fleetProblem(error: unknown): unknown {
  if (!(error instanceof FleetError)) return error;
  const { message, hint } = error;
  return new ProvisionError([{ code: 'fleet', message, ...(hint !== undefined && { hint }) }]);
}
