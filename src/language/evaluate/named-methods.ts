import type { Position } from '../../errors/problem.ts';
import { type BecomeMethod, becomeMethod } from '../become-methods.ts';
import type { Play, Playbook, Source } from '../model.ts';
import { hasHost } from '../play-members.ts';
import { allTasks } from '../task-walk.ts';

export type NamedMethods = ReadonlyMap<BecomeMethod, Position>;

// Asked for every host, and a play may have all of them: looked up once for each play.
const known = new WeakMap<Play, NamedMethods>();

function methodsOf(play: Play): NamedMethods {
  const found = known.get(play) ?? new Map(named([play, ...allTasks(play.tasks), ...play.handlers]));
  known.set(play, found);
  return found;
}

function* named(parts: Iterable<{ readonly becomeMethod: Source | undefined }>) {
  const seen = new Set<BecomeMethod>();
  for (const { becomeMethod: source } of parts) {
    const method = becomeMethod(String(source?.value));
    if (!source || !method || seen.has(method)) continue;
    seen.add(method);
    yield [method, source.at()] as const;
  }
}

/** What `become_method` names in the plays of a host, each with the first place that does. */
export function namedMethods(playbook: Playbook, host: string): NamedMethods {
  const all = new Map<BecomeMethod, Position>();
  for (const play of playbook.plays) {
    if (!hasHost(play, host)) continue;
    for (const [method, at] of methodsOf(play)) if (!all.has(method)) all.set(method, at);
  }
  return all;
}
