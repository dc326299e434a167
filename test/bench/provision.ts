import { join } from 'node:path';
import type { HostRecap, RunEvent } from '../../src/runner/events.ts';
import type { Sample } from './sample.ts';
import { type Timed, timed } from './timed.ts';

const main = join(import.meta.dirname, '../../dist/cli/main.js');

/** Runs provision with the inventory and settings of WORK on a playbook of WORK/playbooks. */
export function provision(work: string, command: 'apply' | 'plan', playbook: string): Timed {
  const settings = ['-i', join(work, 'inventory.yml')];
  if (playbook !== 'plain.yml') settings.push('-e', `@${join(work, 'settings.yml')}`);
  return timed(process.execPath, [main, command, join(work, 'playbooks', playbook), ...settings, '--json']);
}

/** The last event of a run, by host. */
function recapOf(stdout: string): readonly HostRecap[] {
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as RunEvent;
  if (last.type !== 'recap') throw new Error(`the last event is '${last.type}', not the recap`);
  return Object.values(last.hosts);
}

/** What the last of several runs of provision cost on the dearest host, and how much it changed on all. */
export function costOf(done: readonly Timed[]): Pick<Sample, 'trips' | 'changed'> {
  const recaps = recapOf(done.at(-1)?.stdout ?? '');
  const most = (key: 'connections' | 'execs' | 'verifyExecs'): number =>
    Math.max(...recaps.map((recap) => recap[key]));
  return {
    trips: { connections: most('connections'), execs: most('execs'), verifyExecs: most('verifyExecs') },
    changed: recaps.reduce((sum, { changed }) => sum + changed, 0),
  };
}
