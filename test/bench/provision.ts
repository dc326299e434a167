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
  const changed = Object.values(recapOf(done)).reduce((sum, recap) => sum + recap.changed, 0);
  mustBeConverged(`provision, ${playbook}`, changed);
  return done;
}

/** The last event of a run, by host. */
export function recapOf({ stdout }: Timed): Readonly<Record<string, HostRecap>> {
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as RunEvent;
  if (last.type !== 'recap') throw new Error(`the last event is '${last.type}', not the recap`);
  return last.hosts;
}

/** Round trips of the dearest client; h1 is the server. */
export function clientTrips(done: Timed): number {
  const clients = Object.entries(recapOf(done)).filter(([host]) => host !== 'h1');
  return Math.max(...clients.map(([, { execs, verifyExecs }]) => execs + verifyExecs));
}
