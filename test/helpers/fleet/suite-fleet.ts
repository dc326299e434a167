import { FleetDatabase } from '../../../src/fleet/database.ts';
import { Following, stopRun } from '../../../src/fleet/following.ts';
import { handOver } from '../../../src/fleet/handover.ts';
import { FleetKey } from '../../../src/fleet/sealing.ts';
import { runShard } from '../../../src/fleet/shard-run.ts';
import type { RunOutcome, RunRequest } from '../../../src/runner/request.ts';
import { filters } from '../resources/all-resources.ts';

const version = 'suite';

/** Does a request as a fleet does, in one part: the hosts of these tests are one machine, and share its lock. Its database is at `url`. */
export async function runOnFleet(url: string, request: RunRequest): Promise<RunOutcome> {
  const database = new FleetDatabase(url);
  try {
    await database.rows(
      `insert into provision_fleet.workers (name, site, version) values ($1, 'here', $1)
        on conflict (name) do update set seen = now()`,
      [version],
    );
    const fleet = { url, database, key: new FleetKey(await FleetKey.generate()) };
    const run = await handOver(fleet, request, {
      ...{ extraVars: [], startAtTask: undefined, vaultPasswords: [], login: {}, verbose: false },
      ...{ version, shipped: [] },
    });
    request.stop.addEventListener('abort', () => void stopRun(fleet, run));
    const setting = {
      ...{
        name: 'suite',
        version,
        key: fleet.key,
        database,
        keeps: undefined,
        sshConfig: undefined,
        filters,
      },
      ...{ domains: request.domains, resources: request.resources, say: () => undefined },
    };
    const shards = await database.rows('select shard from provision_fleet.shards where run = $1', [run]);
    const never = new AbortController().signal;
    const work = shards.map(({ shard }) => runShard(setting, { run, shard: Number(shard) }, never));
    const followed = await new Following(fleet, run, () => undefined).follow(request.report, never);
    await Promise.all(work);
    if (followed.left) throw new Error('nobody left it');
    return { exitCode: followed.exitCode as RunOutcome['exitCode'], changed: followed.changed };
  } finally {
    await database.close();
  }
}
