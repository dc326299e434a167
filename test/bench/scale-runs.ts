// scale-runs.ts WORK [HOSTS...]: runs scale.yml on simulated hosts that answer as h1 does, on the control machine of a lab.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, provision, recapOf } from './provision.ts';
import { counts, rows } from './sample.ts';
import { keep } from './samples-file.ts';
import { ScaleFleet } from './scale-fleet.ts';
import { timedBeside } from './timed.ts';

const [work = '', ...sizes] = process.argv.slice(2);
const home = join(work, 'scale');
mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
const hostKey = join(home, 'host-key');
execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
const publicKey = readFileSync(`${hostKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
const identity = join(process.env.HOME ?? '', '../id');
const settings = `Host *\n  User root\n  IdentityFile ${identity}\n  IdentitiesOnly yes\n`;
writeFileSync(join(home, '.ssh/config'), settings);

writeFileSync(join(work, 'inventory.yml'), 'all: {hosts: {h1: {}}}\n');
provision(work, 'scale.yml'); // what the simulated hosts answer is what this one does now

// what a few hosts cost is divided by little, so it is measured more often
for (const size of sizes.length > 0 ? sizes.map(Number) : [10, 100, 10, 100, 10, 100, 500, 2000]) {
  const fleet = await ScaleFleet.start(hostKey);
  const places = Array.from({ length: size }, (_, index) => fleet.place(index));
  const knownHosts = places.map(({ address, port }) => `[${address}]:${port} ${publicKey}\n`);
  writeFileSync(join(home, '.ssh/known_hosts'), knownHosts.join(''));
  const hosts = places.map(({ address, port }, index) => [
    `s${index}`,
    { ansible_host: address, ansible_port: port },
  ]);
  const inventory = join(home, 'inventory.yml');
  writeFileSync(inventory, JSON.stringify({ all: { hosts: Object.fromEntries(hosts) } }));
  const probe = join(home, 'probe.json');
  const arguments_ = ['--import', join(import.meta.dirname, 'run-probe.js'), main];
  arguments_.push('apply', join(work, 'playbooks/scale.yml'), '-i', inventory, '--json');
  const done = await timedBeside(process.execPath, arguments_, { HOME: home, BENCH_PROBE: probe });
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
