import { hasHost } from '../language/play-members.ts';
import type { HostSession } from './host-session.ts';
import type { ManagedHost } from './managed-host.ts';
import type { RunContext } from './run-context.ts';

/** A host that can be held, and its connection. */
export interface HoldableHost {
  readonly host: ManagedHost;
  readonly session: HostSession;
}

/** Why hosts may not be named at all: unknown ones, and the one that acts. */
export function misnamedHosts(
  { request }: RunContext,
  acting: string,
  names: readonly string[],
): readonly string[] {
  return names.flatMap((name) => {
    if (name === acting)
      return [`${name} is to be held while it makes this change itself: leave it out of the hosts to hold`];
    return request.playbook.inventory.hosts.has(name)
      ? []
      : [`${name}, which is to be held, is not a host of the inventory`];
  });
}

/** The host with its connection, or why this run cannot or may not hold it. */
export function holdableHost({ request, hosts }: RunContext, name: string): HoldableHost | string {
  const host = hosts.get(name);
  const { playbook } = request;
  if (!host && playbook.limited.has(name)) return 'no play of this run concerns it';
  if (!host || host.observed) {
    return playbook.plays.some((play) => hasHost(play, name))
      ? '--limit leaves it out'
      : 'no play of this run concerns it';
  }
  if (host.ended === 'unreachable') return 'it cannot be reached';
  const { session } = host;
  return session && host.opened ? { host, session } : 'this run could not take it over';
}
