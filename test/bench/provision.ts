import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostRecap, RunEvent } from '../../src/runner/events.ts';
import { mustBeConverged } from './converged.ts';
import { type Timed, timed } from './timed.ts';

const root = join(import.meta.dirname, '../..');
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  bin: { provision: string };
};

/** The built program that a user runs. */
export const main = join(root, bin.provision);

/** Applies a playbook of WORK/playbooks with the inventory and the settings of WORK. */
export function provision(work: string, playbook: string): Timed {
  const settings = ['-i', join(work, 'inventory.yml')];
  if (playbook === 'home-lab.yml') settings.push('-e', `@${join(work, 'settings.yml')}`);
  return timed(process.execPath, [main, 'apply', join(work, 'playbooks', playbook), ...settings, '--json']);
}

/** The same on hosts where nothing is to be done; throws when something was. */
export function provisionAgain(work: string, playbook: string): Timed {
  const done = provision(work, playbook);
  const changed = eventsOf(done).filter(
    (event) => event.type === 'task-result' && event.status === 'changed',
  );
  mustBeConverged(
    `provision, ${playbook}`,
    changed.map((event) => JSON.stringify(event)),
  );
  return done;
}

function eventsOf({ stdout }: Timed): readonly RunEvent[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** The last event of a run, by host. */
export function recapOf(done: Timed): Readonly<Record<string, HostRecap>> {
  const last = eventsOf(done).at(-1);
  if (last?.type !== 'recap') throw new Error(`the last event is '${last?.type}', not the recap`);
  return last.hosts;
}

/** Round trips of the dearest client; h1 is the server. */
export function clientTrips(done: Timed): number {
  const clients = Object.entries(recapOf(done)).filter(([host]) => host !== 'h1');
  return Math.max(...clients.map(([, { execs, verifyExecs }]) => execs + verifyExecs));
}
