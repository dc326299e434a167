// start-runs.ts WORK RUNS: processor time of commands that connect to nobody.
import { inTurn } from './converged.ts';
import { main } from './provision.ts';
import { rows } from './sample.ts';
import { keep } from './samples-file.ts';
import { type Timed, timed } from './timed.ts';

const [work = '', runs = '5'] = process.argv.slice(2);

/** Milliseconds of processor time, user and system, as the shell that waits for the process sees them. */
function processorTime(...args: readonly string[]): Timed {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" >&3 2>&3; } 3>/dev/null 2>&1';
  const done = timed('bash', ['-ec', script, '-', process.execPath, ...args]);
  const [user = Number.NaN, system = Number.NaN] = done.stdout.split(' ').map(Number);
  return { ...done, time: (user + system) * 1000 };
}

const done = inTurn(2 * Number(runs) + 1, {
  [rows.nodeTime]: () => processorTime('-e', '0'),
  [rows.validateTime]: () => processorTime(main, 'validate', `${work}/playbooks/home-lab.yml`),
  [rows.versionTime]: () => processorTime(main, '--version'),
});
for (const [what, times] of Object.entries(done)) keep(work, 0, what, times);
