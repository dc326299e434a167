import type { Play, Playbook } from '../model.ts';

// Every host may read them, and they may be all hosts: made once for each play.
const limitedByPlay = new WeakMap<Play, readonly string[]>();

/** The hosts of a play that are within the limit of the run. */
export function limitedHosts(playbook: Playbook, play: Play): readonly string[] {
  const known = limitedByPlay.get(play) ?? play.hosts.filter((host) => playbook.limited.has(host));
  limitedByPlay.set(play, known);
  return known;
}
