import type { Play } from '../language/model.ts';
import { hasHost } from '../language/play-members.ts';
import { askHosts, openHosts } from './hosts-opening.ts';
import { ManagedHost } from './managed-host.ts';
import type { RunContext } from './run-context.ts';

/** A play as it is when it begins: with the hosts that have joined, which are connected to now. */
export async function begunPlay(context: RunContext, index: number): Promise<Play> {
  const { growing, request } = context;
  const { plays } = request.playbook;
  const play = plays.find((one) => one.index === index);
  if (!play) throw new Error(`there is no play ${index}`);
  growing.begin(index);
  if (!growing.grows) return play;
  if (play.hosts.length === 0 && growing.untold.length > 0)
    context.emit({ type: 'warning', message: notPlanned(play, growing.untold) });
  const fresh = play.hosts
    .filter((name) => !context.hosts.has(name) && request.playbook.limited.has(name))
    .map((name) => new ManagedHost(name, { check: request.check, observed: false }));
  for (const host of fresh) context.hosts.set(host.name, host);
  await openHosts(context, fresh);
  await askHosts(context, fresh, index - 1);
  // Whoever might have been in it, and is not, has nothing before it any more.
  if (plays.at(-1) === play)
    for (const host of context.hosts.values()) if (!host.ended && !hasHost(play, host.name)) host.done = true;
  return play;
}

function notPlanned({ name, at }: Play, tasks: readonly string[]): string {
  const which = tasks.map((task) => `'${task}'`).join(' and ');
  return `the play '${name}' (${at.file}:${at.line}) is not planned: its hosts are known once ${which} has run`;
}
