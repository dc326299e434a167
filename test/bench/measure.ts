// measure.ts WORK HOSTS RUNS: runs on the control machine of a fresh lab; appends samples to WORK/samples, one JSON a line.
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { HostRecap, RunEvent } from '../../src/runner/events.ts';
import type { Sample } from './sample.ts';

const [work = '', hostCount = '3', runCount = '5'] = process.argv.slice(2);
const hosts = Number(hostCount);
const runs = Number(runCount);
const main = join(import.meta.dirname, '../../dist/cli/main.js');
const floor = join(import.meta.dirname, 'floor.js');
const addresses = Array.from({ length: hosts }, (_, index) => `h${index + 1}`);

interface Timed {
  readonly time: number;
  readonly stdout: string;
}

/** Runs a command and says how long the whole process took; a failure ends the measurement with all it said. */
function timed(command: string, args: readonly string[]): Timed {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const time = performance.now() - begun;
  if (status !== 0) {
    process.stderr.write(`${command} ${args.join(' ')}: code ${status}\n${stdout}${stderr}`);
    process.exit(1);
  }
  return { time, stdout };
}

/** The last event of a run, by host. */
function recapOf(stdout: string): readonly HostRecap[] {
  const events = stdout.trim().split('\n');
  const last = JSON.parse(events.at(-1) ?? '') as RunEvent;
  if (last.type !== 'recap') throw new Error(`the last event is '${last.type}', not the recap`);
  return Object.values(last.hosts);
}

function keep(what: string, done: readonly Timed[], recaps?: readonly HostRecap[]): void {
  const most = (key: 'connections' | 'execs' | 'verifyExecs'): number =>
    Math.max(...(recaps ?? []).map((recap) => recap[key]));
  const sample: Sample = {
    hosts,
    what,
    times: done.map(({ time }) => time),
    ...(recaps && {
      trips: { connections: most('connections'), execs: most('execs'), verifyExecs: most('verifyExecs') },
      changed: recaps.reduce((sum, { changed }) => sum + changed, 0),
    }),
  };
  appendFileSync(join(work, 'samples'), `${JSON.stringify(sample)}\n`);
}

function provision(command: string, playbook: string): Timed {
  const settings = ['-i', join(work, 'inventory.yml'), '-e', `@${join(work, 'settings.yml')}`];
  return timed(process.execPath, [main, command, join(work, 'playbooks', playbook), ...settings, '--json']);
}

function keepRuns(what: string, done: readonly Timed[]): void {
  keep(what, done, recapOf(done.at(-1)?.stdout ?? ''));
}

keepRuns('plan, fresh hosts', [provision('plan', 'home-lab.yml')]);
keepRuns('first apply', [provision('apply', 'home-lab.yml')]);

const tools = {
  floor: [] as Timed[],
  again: [] as Timed[],
  proven: [] as Timed[],
  planned: [] as Timed[],
};
// in turns, so that a slow moment of the machine hits all alike
for (let run = 0; run < runs; run += 1) {
  tools.floor.push(timed(process.execPath, [floor, join(process.env.HOME ?? '', '../id'), ...addresses]));
  tools.again.push(provision('apply', 'without-proof.yml'));
  tools.proven.push(provision('apply', 'home-lab.yml'));
  tools.planned.push(provision('plan', 'home-lab.yml'));
}
keep('floor: ssh2, 1 sh -s', tools.floor);
keepRuns('apply again', tools.again);
keepRuns('apply again, with proof', tools.proven);
keepRuns('plan', tools.planned);
