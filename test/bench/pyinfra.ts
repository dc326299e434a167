import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { mustBeConverged } from './converged.ts';
import { type Timed, timed } from './timed.ts';

const folder = join(import.meta.dirname, 'pyinfra');

/** Runs home-lab.py with the checkout of pyinfra in $BENCH_PYINFRA on hosts where nothing is to be done; throws when something was. */
export function pyinfraAgain(work: string, hosts: number): Timed {
  const checkout = process.env.BENCH_PYINFRA ?? '';
  const deploy = [join(folder, 'inventory.py'), join(folder, 'home-lab.py')];
  const done = timed('/usr/bin/python3', ['-W', 'ignore', join(folder, 'run.py'), '-y', ...deploy], {
    BENCH_WORK: work,
    BENCH_HOSTS: String(hosts),
    BENCH_PROOF: randomUUID(),
    PYTHONPATH: [join(folder, 'shims'), join(work, 'pyinfra'), checkout].join(':'),
  });
  const [made = '', proof] = `${done.stdout}${done.stderr}`.split('Every client logs a line');
  if (proof === undefined) throw new Error(`pyinfra did not reach the proof:\n${made}`);
  mustBeConverged('pyinfra', made.match(/\] .*Success/g) ?? []);
  return done;
}
