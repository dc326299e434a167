import type { Play, Playbook } from '../model.ts';

/** What a playbook addresses. */
type Addressed = Pick<Playbook, 'inventory' | 'limited'> & {
  readonly plays: readonly Pick<Play, 'name' | 'at' | 'hosts'>[];
};

/**
 * Warnings of plays that have no hosts: a run that addresses nobody looks like one that had nothing to do.
 * @param limit as `--limit` has it
 */
export function noHostWarnings(
  { plays, inventory, limited }: Addressed,
  limit: string | undefined,
): readonly string[] {
  if (plays.length === 0) return [];
  if (inventory.hosts.size === 0)
    return ["there are no hosts: name an inventory with -i, or write 'inventory' into the playbook"];
  const empty = plays.filter(({ hosts }) => hosts.length === 0);
  const addressed = plays.some(({ hosts }) => hosts.some((host) => limited.has(host)));
  if (!addressed && limit !== undefined && empty.length < plays.length)
    return [
      `--limit ${limit} leaves no host of the playbook: 'provision validate' without --limit counts those that it has`,
    ];
  return empty.map(({ name, at }) => {
    const place = `${at.file}:${at.line}`;
    return `the play '${name}' has no hosts, nothing of it is done: what its 'hosts' names (${place}) is an empty group, or all of it is taken out again`;
  });
}
