import type { Play } from './model.ts';

// Asked for every host, and a play may have all of them: a set for each play.
const members = new WeakMap<Play, ReadonlySet<string>>();

/** Whether a host takes part in a play. */
export function hasHost(play: Play, host: string): boolean {
  const known = members.get(play) ?? new Set(play.hosts);
  members.set(play, known);
  return known.has(host);
}
