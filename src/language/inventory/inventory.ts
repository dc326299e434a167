import type { Host, Inventory, VariableLayer } from '../model.ts';
import type { GroupDraft, InventoryDraft } from './inventory-draft.ts';
import { type NamedLayers, readNamedVars } from './inventory-vars.ts';

/** Names that mean the control node when no inventory mentions them. */
export const localNames: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** The control node as a host that no inventory needs to name. */
export function implicitLocalhost(name: string, inventory: Inventory): Host {
  const value = { value: 'local', at: () => ({ file: 'implicit localhost', line: 1, column: 1 }) };
  const layer = { origin: 'implicit localhost', variables: new Map([['ansible_connection', value]]) };
  return { name, groups: [], layers: [layer, ...(inventory.localLayers ?? [])] };
}

/** How deep each group lies below `all`, along its longest way. */
function depths(groups: ReadonlyMap<string, GroupDraft>): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  const visit = (name: string, depth: number): void => {
    if ((result.get(name) ?? -1) >= depth) return;
    result.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) visit(child, depth + 1);
  };
  visit('all', 0);
  for (const name of groups.keys()) if (name !== 'all') visit(name, Math.max(1, result.get(name) ?? 1));
  return result;
}

function members(groups: ReadonlyMap<string, GroupDraft>, name: string): ReadonlySet<string> {
  const hosts = new Set<string>();
  const visited = new Set<GroupDraft>();
  const visit = (group: GroupDraft | undefined): void => {
    if (!group || visited.has(group)) return;
    visited.add(group);
    for (const host of group.hosts) hosts.add(host);
    for (const child of group.children) visit(groups.get(child));
  };
  visit(groups.get(name));
  return hosts;
}

function priority(group: GroupDraft): number {
  const given = group.layers.map(({ variables }) => variables.get('ansible_group_priority')?.value).at(-1);
  return typeof given === 'number' ? given : 1;
}

/** Everything that an inventory is made of. */
export interface InventoryParts {
  readonly groups: ReadonlyMap<string, GroupDraft>;
  readonly hosts: ReadonlyMap<string, readonly VariableLayer[]>;
  /** Of each directory beside which they lie: the inventory's first, the playbook's last. */
  readonly groupVars: readonly NamedLayers[];
  readonly hostVars: readonly NamedLayers[];
  /** Hosts that are not in the group `all`: the control node that no inventory names. */
  readonly outside?: ReadonlySet<string>;
}

/**
 * The inventory that a draft holds, with the variables of `group_vars` and `host_vars`.
 * @param directories beside which group_vars and host_vars are looked for: inventory's first, playbook's last
 */
export function finishInventory(draft: InventoryDraft, directories: readonly string[]): Inventory {
  draft.finish();
  const { groups, hosts, loading } = draft;
  const named = [...hosts.keys(), 'localhost'];
  return inventoryOf({
    groups,
    hosts,
    groupVars: directories.map((place) => readNamedVars(loading, place, 'group_vars', groups.keys())),
    hostVars: directories.map((place) => readNamedVars(loading, place, 'host_vars', named)),
  });
}

/**
 * Puts the parts of an inventory together.
 * Precedence as in Ansible, lowest first: groups of the inventory, group_vars/all beside inventory and playbook,
 * other group_vars, the host's own words, host_vars; parent groups before their children.
 */
export function inventoryOf(parts: InventoryParts): Inventory {
  const { groupVars, hostVars, outside } = parts;
  const depth = depths(parts.groups);
  const ordered = [...parts.groups.values()].sort(
    (a, b) =>
      (depth.get(a.name) ?? 1) - (depth.get(b.name) ?? 1) ||
      priority(a) - priority(b) ||
      (a.name < b.name ? -1 : 1),
  );
  const memberships = new Map(ordered.map(({ name }) => [name, members(parts.groups, name)]));
  const grouped = new Set(
    [...memberships]
      .filter(([name]) => name !== 'all' && name !== 'ungrouped')
      .flatMap(([, hosts]) => [...hosts]),
  );
  const all = [...parts.hosts.keys()];
  const isMember = (host: string, group: string) => {
    if (group === 'all') return outside?.has(host) !== true;
    return group === 'ungrouped' ? !grouped.has(host) : (memberships.get(group)?.has(host) ?? false);
  };
  const hosts = all.map((name): readonly [string, Host] => {
    const mine = ordered.filter((group) => isMember(name, group.name));
    const layers: VariableLayer[] = [
      ...mine.flatMap((group) => group.layers),
      ...layersOf(groupVars, ['all']),
      ...groupVars.flatMap((named) =>
        layersOf(
          [named],
          mine.map((group) => group.name).filter((group) => group !== 'all'),
        ),
      ),
      ...(parts.hosts.get(name) ?? []),
      ...layersOf(hostVars, [name]),
    ];
    return [
      name,
      { name, groups: mine.map((group) => group.name).filter((group) => group !== 'all'), layers },
    ];
  });
  const groups = [...parts.groups.keys()].map((group): readonly [string, readonly string[]] => [
    group,
    all.filter((host) => isMember(host, group)),
  ]);
  const localLayers = [
    ...(parts.groups.get('all')?.layers ?? []),
    ...layersOf(groupVars, ['all']),
    ...layersOf(hostVars, ['localhost']),
  ];
  const children = new Map([...parts.groups].map(([name, group]) => [name, [...group.children]]));
  return { hosts: new Map(hosts), groups: new Map(groups), children, localLayers };
}

function layersOf(sources: readonly NamedLayers[], names: readonly string[]): readonly VariableLayer[] {
  return sources.flatMap((named) => names.flatMap((name) => named.get(name) ?? []));
}
