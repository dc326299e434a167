import type { Playbook } from '../language/model.ts';
import { ManagedHost } from './managed-host.ts';

/**
 * The hosts of a run in the order of its plays. Those that --limit leaves out are looked at when templates may read their
 * variables; nothing is changed there.
 * @param members hosts of this part of a run; the others are looked at by other parts
 */
export function concernedHosts(
  { plays, limited, mentioned }: Pick<Playbook, 'plays' | 'limited' | 'mentioned'>,
  check: boolean,
  members?: ReadonlySet<string>,
): Map<string, ManagedHost> {
  const readsOthers = mentioned.has('hostvars');
  const names = [...new Set(plays.flatMap((play) => play.hosts))];
  return new Map(
    names
      .filter((name) => (limited.has(name) || readsOthers) && members?.has(name) !== false)
      .map((name) => [name, new ManagedHost(name, { check, observed: !limited.has(name) })]),
  );
}
