import type { Position, Problem } from '../../errors/problem.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';

const groupParts = ['hosts', 'children', 'vars'];

/** Hosts or groups at the top, each with what groups have. */
export function isInventory(root: YamlNode): boolean {
  const entries = root.entries();
  if (entries.length === 0) return false;
  const short = isGroup(root) && typeof root.get('hosts')?.value !== 'string';
  return short || entries.every(([, group]) => isGroup(group));
}

function isGroup(node: YamlNode): boolean {
  return node.entries().length > 0 && node.entries().every(([key]) => groupParts.includes(key));
}

/** The first line of an INI inventory, which no YAML begins with. */
export function beginsAsIni(text: string): boolean {
  const first = text.split('\n').find((line) => line.trim() !== '' && !/^\s*[#;]/.test(line)) ?? '';
  return /^\[[\w.:-]+\]\s*$/.test(first) || /^[\w.-]+(\s+\w+=\S+)+\s*$/.test(first);
}

/** Somebody gave an inventory where a playbook belongs. */
export function inventoryGiven(at: Position): Problem {
  return {
    code: 'not-a-playbook',
    message: `${at.file} is an inventory, not a playbook`,
    at,
    hint: `give it beside a playbook: \`provision apply PLAYBOOK -i ${at.file}\``,
  };
}
