// scale-runs.ts WORK [HOSTS...]: runs scale.yml on simulated hosts that answer as h1 does, on the control machine of a lab.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, recapOf } from './provision.ts';
import { counts, rows } from './sample.ts';
import { keep } from './samples-file.ts';
import { ScaleHome } from './scale-home.ts';
import { timedBeside } from './timed.ts';

const [work = '', ...sizes] = process.argv.slice(2);
const home = new ScaleHome(work, 'scale.yml');

// what a few hosts cost is divided by little, so it is measured more often
for (const size of sizes.length > 0 ? sizes.map(Number) : [10, 100, 10, 100, 10, 100, 500, 2000]) {
  const fleet = await home.hosts(size);
  const probe = join(home.path, 'probe.json');
  const arguments_ = ['--import', join(import.meta.dirname, 'run-probe.js'), main];
  arguments_.push('apply', join(work, 'playbooks/scale.yml'), '-i', home.inventory, '--json');
  const done = await timedBeside(process.execPath, arguments_, { HOME: home.path, BENCH_PROBE: probe });
  const recap = Object.values(recapOf(done));
  const lost = recap.filter(({ changed, failed, unreachable }) => changed > 0 || failed > 0 || unreachable);
  if (recap.length !== size || lost.length > 0)
    throw new Error(`${lost.length} of ${size} hosts were not converged`);
  const used = JSON.parse(readFileSync(probe, 'utf8'));
  keep(work, size, rows.scaleWall, [done.time]);
  keep(work, size, rows.scaleTime, [used.time]);
  keep(work, size, counts.scaleMemory, [used.megabytes]);
  keep(work, size, counts.scaleLag, [used.lag]);
  keep(work, size, counts.scaleLongest, [used.longest]);
  keep(work, size, counts.scaleStretch, [used.stretch]);
  console.error(
    `bench: ${size} simulated hosts, ${fleet.recorded} programs recorded: ${JSON.stringify(used)}`,
  );
  await fleet.stop();
}
