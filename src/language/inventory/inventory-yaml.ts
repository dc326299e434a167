import { didYouMean } from '../../errors/did-you-mean.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';
import { shown } from '../source/schema/schema-words.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import type { InventoryDraft } from './inventory-draft.ts';

const groupKeys = ['children', 'hosts', 'vars'];

function expectMapping(draft: InventoryDraft, node: YamlNode, what: string): boolean {
  if (node.value === null || node.isMapping()) return true;
  const message = `${what} must be a mapping, not ${shown(node.value)}`;
  draft.loading.report({ code: 'wrong-type', message, at: node.position });
  return false;
}

function readHosts(draft: InventoryDraft, group: string, hosts: YamlNode): void {
  if (hosts.isList() || typeof hosts.value === 'string') {
    for (const item of hosts.isList() ? hosts.items() : [hosts]) {
      draft.addHosts(String(item.value), group, undefined, item.position);
    }
    return;
  }
  if (!expectMapping(draft, hosts, `the hosts of group '${group}'`)) return;
  for (const [name, vars] of hosts.entries()) {
    if (!expectMapping(draft, vars, `the variables of host '${name}'`)) continue;
    draft.addHosts(name, group, variableLayer(`vars of host ${name}`, vars), hosts.keyAt(name));
  }
}

function readGroup(draft: InventoryDraft, name: string, node: YamlNode, at: YamlNode['position']): void {
  const group = draft.group(name, at);
  if (!expectMapping(draft, node, `the group '${name}'`)) return;
  for (const [key, part] of node.entries()) {
    if (key === 'hosts') readHosts(draft, name, part);
    else if (key === 'vars') {
      if (expectMapping(draft, part, `the variables of group '${name}'`)) {
        group.layers.push(variableLayer(`vars of group ${name}`, part));
      }
    } else if (key === 'children') {
      if (!expectMapping(draft, part, `the children of group '${name}'`)) continue;
      for (const [child, body] of part.entries()) {
        draft.child(name, child, part.keyAt(child), body.value !== null);
        if (body.value !== null) readGroup(draft, child, body, part.keyAt(child));
      }
    } else {
      const hint = didYouMean(key, groupKeys) ?? 'a group has hosts, children and vars';
      const why = 'a group inside a group stands under children, a host under hosts, a variable under vars';
      const message = `unknown key '${key}' in the group '${name}'`;
      draft.loading.report({ code: 'unknown-key', message, at: node.keyAt(key), why, hint });
    }
  }
}

/** Reads an inventory in YAML: groups by name, or the keys of `all` at once (`hosts`, `children`, `vars`). */
export function readYamlInventory(draft: InventoryDraft, root: YamlNode): void {
  if (root.get('plugin')) {
    const message = 'inventory plugins are not supported';
    const hint = 'write the hosts into a file, or let a script of yours write one';
    draft.loading.report({ code: 'not-supported', message, at: root.keyAt('plugin'), hint });
    return;
  }
  if (!expectMapping(draft, root, 'an inventory')) return;
  const short = root.entries().length > 0 && root.entries().every(([key]) => groupKeys.includes(key));
  if (short) {
    readGroup(draft, 'all', root, root.position);
    return;
  }
  for (const [name, node] of root.entries()) readGroup(draft, name, node, root.keyAt(name));
}
