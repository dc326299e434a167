import { hostname } from 'node:os';
import type { FleetDatabase } from './database.ts';
import { Engine } from './engine.ts';
import { runShard, type WorkerSetting } from './shard-run.ts';

// Milliseconds between two notes that a worker is there.
const note = 5000;

/** A worker's own name: one for each process. */
export function workerName(): string {
  return `${hostname()}:${process.pid}`;
}

/** Does shards of its sites, and those whose hosts are at all of them, until it is stopped; what is in hand then goes on elsewhere. */
export async function work(
  setting: WorkerSetting,
  options: { readonly url: string; readonly sites: readonly string[]; readonly stop: AbortSignal },
): Promise<void> {
  const { database, say } = setting;
  const { url, sites, stop } = options;
  const site = sites.join('+');
  const engine = await Engine.open(url, (why) => say(`the database: ${why}`), true);
  await present(database, setting, site);
  const timer = setInterval(() => void present(database, setting, site), note);
  try {
    await engine.work([...new Set([...sites, site]), undefined], async (job, lost) => {
      await runShard(setting, job, AbortSignal.any([lost, stop])).catch((error: unknown) => {
        say(`run ${job.run}, shard ${job.shard}: ${error instanceof Error ? error.message : String(error)}`);
        throw error;
      });
    });
    say(`worker ${setting.name} of site ${site} is ready`);
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    clearInterval(timer);
    await database
      .rows('delete from provision_fleet.workers where name = $1', [setting.name])
      .catch(() => undefined);
    await engine.close(15).catch(() => undefined);
  }
}

async function present(
  database: FleetDatabase,
  { name, version }: WorkerSetting,
  site: string,
): Promise<void> {
  await database
    .rows(
      `insert into provision_fleet.workers (name, site, version) values ($1, $2, $3)
        on conflict (name) do update set seen = now()`,
      [name, site, version],
    )
    .catch(() => undefined);
}
