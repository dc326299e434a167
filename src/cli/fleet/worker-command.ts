import { resolve } from 'node:path';
import { work, workerName } from '../../fleet/worker.ts';
import { writeLines } from '../../report/screen.ts';
import { visibleText } from '../../report/visible-text.ts';
import { allFilters, allResources, type Tool } from '../tool.ts';
import type { WorkerOptions } from './fleet-options.ts';
import { withFleet } from './opened-fleet.ts';
import { reported } from './reported.ts';

/** `provision worker`: does parts of fleet runs until it is stopped; returns the exit code. */
export function runWorker(options: WorkerOptions, { domains, version }: Tool): Promise<number> {
  return reported(options, async ({ stderr }) => {
    const stop = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
    return await withFleet(async ({ url, database, key }) => {
      await database.check();
      const setting = {
        ...{ name: workerName(), version, key, database },
        keeps: options.keep === undefined ? undefined : resolve(options.keep),
        sshConfig: options.sshConfig,
        domains: await Promise.all(domains.map((domain) => domain.load())),
        resources: await allResources(domains),
        filters: await allFilters(domains),
        say: (line: string) => writeLines(stderr, [visibleText(line)]),
      };
      await work(setting, { url, sites: [...new Set(options.site)].sort(), stop: stop.signal });
      return 0;
    });
  });
}
