import { nearest } from '../../errors/did-you-mean.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { selectHosts } from '../inventory/host-pattern.ts';
import { implicitLocalhost, localNames } from '../inventory/inventory.ts';
import type { Host, Inventory, TaskNode, VariableLayer } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { allTasks } from '../task-walk.ts';

const simple = /\{\{\s*([A-Za-z_]\w*)\s*(?:\|\s*default\(\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*)?\}\}/g;

/** `hosts` may name extra variables, the only ones known before there are hosts: `{{ target | default('all') }}`. */
function rendered(
  loading: Loading,
  text: string,
  node: YamlNode,
  extraVars: VariableLayer,
): string | undefined {
  const unknown: string[] = [];
  const result = text.replaceAll(simple, (_, name: string, single?: string, double?: string) => {
    const value = extraVars.variables.get(name)?.value ?? single ?? double;
    if (value === undefined) unknown.push(name);
    return String(value ?? '');
  });
  if (unknown.length === 0 && !isTemplate(result)) return result;
  const meant = unknown[0] && nearest(unknown[0], extraVars.variables.keys());
  loading.report({
    code: 'unknown-variable',
    message: unknown[0]
      ? `'hosts' uses the variable '${unknown[0]}', which is not set`
      : "'hosts' is too complicated a template",
    at: node.position,
    why: 'before there are hosts, only variables from the command line are known',
    hint: meant
      ? `did you mean '${meant}'?`
      : unknown[0]
        ? `pass it with -e ${unknown[0]}=..., or add | default('...')`
        : "use {{ name }} or {{ name | default('...') }}",
  });
  return undefined;
}

/** Hosts of a play; unknown ones are reported, unless the inventory is too broken (not `sound`) to say. */
export function playHosts(
  loading: Loading,
  inventory: Inventory,
  node: YamlNode,
  extraVars: VariableLayer,
  sound: boolean,
): readonly Host[] {
  const value = node.get('hosts');
  if (!value || value.value === null) return [];
  const parts = value.isList() ? value.items() : [value];
  const texts = parts.map((part) => ({
    part,
    text: rendered(loading, String(part.value ?? ''), part, extraVars),
  }));
  const known = texts.flatMap(({ text }) => (text === undefined ? [] : [text]));
  if (known.length < texts.length) return [];
  for (const { part, text } of sound ? texts : []) {
    for (const problem of selectHosts(inventory, text ?? '').problems) {
      loading.report({ code: 'unknown-host', at: part.position, ...problem });
    }
  }
  return selectHosts(inventory, known.join(',')).hosts;
}

/** The inventory with the control node in it, when plays or delegations name it without the inventory doing so. */
export function withLocalhost(
  inventory: Inventory,
  hosts: readonly Host[],
  tasks: readonly TaskNode[],
): Inventory {
  const delegates = [...allTasks(tasks)].flatMap(({ delegateTo }) => (delegateTo ? [delegateTo.value] : []));
  const named = delegates.filter((name) => localNames.includes(String(name)));
  // A template may turn out to be localhost.
  const possible = delegates.some(isTemplate) ? ['localhost'] : [];
  const wanted = [...hosts.map(({ name }) => name), ...named.map(String), ...possible];
  const missing = [...new Set(wanted)].filter(
    (name) => localNames.includes(name) && !inventory.hosts.has(name),
  );
  if (missing.length === 0) return inventory;
  const added = missing.map((name) => [name, implicitLocalhost(name, inventory)] as const);
  return { ...inventory, hosts: new Map([...inventory.hosts, ...added]) };
}
