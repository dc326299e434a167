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
  const node = [process.execPath, '--import', join(import.meta.dirname, 'run-probe.js'), main] as const;
  const command = [...node, 'apply', join(work, 'playbooks/scale.yml'), '-i', home.inventory];
  const environment = { HOME: home.path, BENCH_PROBE: probe };
  const done = await timedBeside(process.execPath, [...command.slice(1), '--json'], environment);
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
  if (size >= 500) await drawn(command, size, { ...environment, TERM: 'xterm-256color' });
  await fleet.stop();
}

// The same on a terminal, where the live rows are drawn meanwhile: `script` is one.
async function drawn(
  command: readonly string[],
  size: number,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const line = `stty cols 140 rows 50; ${command.join(' ')}`;
  const { stdout } = await timedBeside('script', ['-qec', line, '/dev/null'], environment);
  if (!stdout.includes('0 changed')) throw new Error(`${size} hosts were not converged on a terminal`);
  const used = JSON.parse(readFileSync(environment.BENCH_PROBE ?? '', 'utf8'));
  keep(work, size, counts.drawnLag, [used.lag]);
  keep(work, size, counts.drawnLongest, [used.longest]);
  console.error(`bench: ${size} simulated hosts, on a terminal: ${JSON.stringify(used)}`);
}
