import type { Login } from '../load-options.ts';
import type { Host, Inventory, Source } from '../model.ts';

const place = { file: 'command line', line: 1, column: 1 };

/** `-u` and `--private-key` as the lowest variables of all hosts: what inventory and plays say wins. */
export function withLogin(inventory: Inventory, { user, privateKey }: Login): Inventory {
  const given = [
    ['ansible_user', user],
    ['ansible_ssh_private_key_file', privateKey],
  ] as const;
  const variables = new Map(
    given.flatMap(([name, value]): readonly (readonly [string, Source])[] =>
      value === undefined ? [] : [[name, { value, at: () => place }]],
    ),
  );
  if (variables.size === 0) return inventory;
  const layer = { origin: 'the command line', variables };
  const hosts = [...inventory.hosts].map(([name, host]): readonly [string, Host] => [
    name,
    { ...host, layers: [layer, ...host.layers] },
  ]);
  return { ...inventory, hosts: new Map(hosts) };
}
