import type { Position } from '../../errors/problem.ts';
import type { Host, Inventory, Source } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';

// The first name is the one to write; whatever the inventory says by one of them counts before the plays' words.
const variables: ReadonlyMap<string, readonly [string, ...string[]]> = new Map([
  ['connection', ['ansible_connection']],
  ['port', ['ansible_port', 'ansible_ssh_port']],
  ['remote_user', ['ansible_user', 'ansible_ssh_user']],
]);

/** A play's keywords and its hosts. */
export interface ConnectingPlay {
  readonly node: YamlNode;
  readonly hosts: readonly string[];
}

interface Wish {
  readonly value: Source;
  readonly at: Position;
}

function wishes(
  plays: readonly ConnectingPlay[],
  keyword: string,
  names: readonly [string, ...string[]],
  { loading, inventory }: { readonly loading: Loading; readonly inventory: Inventory },
): ReadonlyMap<string, Wish | undefined> {
  const found = new Map<string, Wish | undefined>();
  for (const { node, hosts } of plays) {
    const value = node.get(keyword);
    const wish = value && { value, at: node.keyAt(keyword) };
    for (const host of hosts) {
      const layers = inventory.hosts.get(host)?.layers ?? [];
      const isSaid = layers.some((layer) => names.some((name) => layer.variables.has(name)));
      const earlier = found.get(host);
      if (!found.has(host)) found.set(host, wish);
      else if (!isSaid && earlier?.value.value !== wish?.value.value) {
        const at = wish?.at ?? earlier?.at ?? node.position;
        loading.report({
          code: 'conflicting-connection',
          message: `plays disagree about '${keyword}' for host ${host}`,
          at,
          why: 'a host has one connection per run',
          hint: `set ${names[0]} for the host in the inventory instead`,
        });
      }
    }
  }
  return found;
}

/** `connection`, `remote_user` and `port` of plays as lowest variables of their hosts: the inventory's words win. */
export function withPlayConnections(
  loading: Loading,
  inventory: Inventory,
  plays: readonly ConnectingPlay[],
): Inventory {
  const added = new Map<string, Map<string, Source>>();
  for (const [keyword, names] of variables) {
    for (const [host, wish] of wishes(plays, keyword, names, { loading, inventory })) {
      if (!wish) continue;
      const mine = added.get(host) ?? new Map<string, Source>();
      added.set(host, mine.set(names[0], wish.value));
    }
  }
  const hosts = [...inventory.hosts].map(([name, host]): readonly [string, Host] => {
    const mine = added.get(name);
    const layer = { origin: 'keywords of the play', variables: mine ?? new Map() };
    return [name, mine ? { ...host, layers: [layer, ...host.layers] } : host];
  });
  return { ...inventory, hosts: new Map(hosts) };
}
