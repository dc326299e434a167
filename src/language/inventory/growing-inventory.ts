import type { Inventory, Joining, VariableLayer } from '../model.ts';
import { implicitLocalhost, inventoryOf, localNames } from './inventory.ts';
import type { GroupDraft, InventoryDraft } from './inventory-draft.ts';
import { readNamedVars } from './inventory-vars.ts';

/** What an inventory can become. */
export interface GrowingInventory {
  readonly grown: (joined: readonly Joining[]) => Inventory;
  /** All variables of `group_vars` and `host_vars`. */
  readonly layers: readonly VariableLayer[];
}

/**
 * The inventory as hosts and groups join it while a run goes on. Their variables are read from `group_vars` and `host_vars`
 * now, of every name: which groups there will be is not known.
 */
export function growingInventory(
  draft: InventoryDraft,
  places: readonly string[],
  written: Inventory,
): GrowingInventory {
  const { loading } = draft;
  const groupVars = places.map((place) => readNamedVars(loading, place, 'group_vars'));
  const hostVars = places.map((place) => readNamedVars(loading, place, 'host_vars'));
  const layers = [...groupVars, ...hostVars].flatMap((named) => [...named.values()].flat());
  const grown = (joined: readonly Joining[]): Inventory => {
    const hosts = new Map<string, readonly VariableLayer[]>(draft.hosts);
    const groups = new Map([...draft.groups].map(([name, group]) => [name, copied(group)]));
    const group = (name: string): GroupDraft => {
      const known = groups.get(name) ?? emptyGroup(name);
      groups.set(name, known);
      return known;
    };
    const outside = new Set<string>();
    for (const { host, groups: wanted, parents, variables } of joined) {
      if (!hosts.has(host) && localNames.includes(host)) outside.add(host);
      const local = outside.has(host) ? implicitLocalhost(host, written).layers.slice(0, 1) : [];
      hosts.set(host, [...(hosts.get(host) ?? local), ...(variables.variables.size > 0 ? [variables] : [])]);
      for (const name of wanted) {
        group(name).hosts.add(host);
        for (const parent of parents) if (!isBelow(groups, name, parent)) group(parent).children.add(name);
      }
    }
    return inventoryOf({ groups, hosts: inOrder(hosts, draft), groupVars, hostVars, outside });
  };
  return { grown, layers };
}

// As with Ansible, those that no file names come before those that stand in a group.
function inOrder<Of>(hosts: ReadonlyMap<string, Of>, draft: InventoryDraft): ReadonlyMap<string, Of> {
  const first = draft.groups.get('all')?.hosts;
  const place = (name: string) => (first?.has(name) ? 0 : draft.hosts.has(name) ? 2 : 1);
  return new Map([...hosts].sort(([one], [other]) => place(one) - place(other)));
}

function emptyGroup(name: string): GroupDraft {
  return { name, hosts: new Set(), children: new Set(), layers: [], at: undefined };
}

function copied(group: GroupDraft): GroupDraft {
  return { ...group, hosts: new Set(group.hosts), children: new Set(group.children) };
}

// A ring of groups has no order: what would close one is left out.
function isBelow(groups: ReadonlyMap<string, GroupDraft>, name: string, wanted: string): boolean {
  if (name === wanted) return true;
  return [...(groups.get(name)?.children ?? [])].some((child) => isBelow(groups, child, wanted));
}
