import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Position } from '../../errors/problem.ts';
import type { Inventory } from '../model.ts';
import { displayPath, type Loading, pathKind } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { type GrowingInventory, growingInventory } from './growing-inventory.ts';
import { finishInventory } from './inventory.ts';
import { InventoryDraft } from './inventory-draft.ts';
import { readIniInventory } from './inventory-ini.ts';
import { readYamlInventory } from './inventory-yaml.ts';

const ignored = /^\.|~$|\.(orig|bak|ini\.bak|cfg|retry|pyc|pyo|swp|md|txt|j2|sh|py)$/;

function looksLikeYaml(file: string, text: string): boolean {
  if (/\.(ya?ml|json)$/.test(file)) return true;
  const first = text.split('\n').find((line) => line.trim() !== '' && !/^\s*[#;]/.test(line)) ?? '';
  return first.startsWith('---') || first.startsWith('{') || /^[\w.-]+:\s*$/.test(first);
}

function readFile(draft: InventoryDraft, file: string, from: Position | undefined): void {
  const { loading } = draft;
  const text = loading.text(file, from);
  if (text === undefined) return;
  if (text.startsWith('#!')) {
    const at = { file: displayPath(file), line: 1, column: 1 };
    const hint = 'run it yourself and keep what it prints in a .json or .yml file';
    loading.report({ code: 'not-supported', message: 'inventory scripts are not supported', at, hint });
  } else if (looksLikeYaml(file, text)) {
    const root = loading.yaml(file);
    if (root && !readOfPlaybook(draft, file, root, from)) readYamlInventory(draft, root);
  } else readIniInventory(draft, displayPath(file), text);
}

// A playbook that -i names lends its own inventory; one that a playbook names would lead in a ring.
function readOfPlaybook(
  draft: InventoryDraft,
  file: string,
  root: YamlNode,
  from: Position | undefined,
): boolean {
  const isPlaybook = root.isList() || root.get('plays') !== undefined;
  if (!isPlaybook) return false;
  const own = root.get('inventory');
  if (own && !from) readOwn(draft, own, dirname(file));
  else {
    const message = `${displayPath(file)} is a playbook${own ? '' : ' without an inventory of its own'}`;
    const hint = 'name the file with the hosts, or write them under `inventory:` in the playbook';
    draft.loading.report({ code: 'no-inventory', message, at: from ?? root.position, hint });
  }
  return true;
}

/** What a playbook says under `inventory:`: the hosts themselves, or files that have them. */
function readOwn(draft: InventoryDraft, own: YamlNode, directory: string): readonly (string | undefined)[] {
  const files = own.isList() ? own.items() : typeof own.value === 'string' ? [own] : undefined;
  if (!files) {
    readYamlInventory(draft, own);
    return [];
  }
  return files.map((node) => readSource(draft, resolve(directory, String(node.value)), node.position));
}

/** Reads one inventory into the draft and returns the directory beside which its variables lie. */
function readSource(draft: InventoryDraft, source: string, from: Position | undefined): string | undefined {
  const { loading } = draft;
  if (source.includes(',')) {
    const at = { file: '--inventory', line: 1, column: 1, length: source.length };
    loading.sources.set('--inventory', source);
    for (const name of source.split(',').map((part) => part.trim())) {
      if (name !== '') draft.addHosts(name, 'all', undefined, at);
    }
    return undefined;
  }
  const path = resolve(source);
  const kind = pathKind(path);
  if (kind === undefined) {
    const hint = 'for a single host without a file write its name with a comma, as in -i myhost,';
    const message = `there is no inventory ${displayPath(path)}`;
    loading.report({ code: 'missing-file', message, ...(from ? { at: from } : { hint }) });
    return undefined;
  }
  if (kind === 'file') {
    readFile(draft, path, from);
    return dirname(path);
  }
  for (const name of readdirSync(path).sort()) {
    if (ignored.test(name) || name === 'group_vars' || name === 'host_vars') continue;
    if (pathKind(join(path, name)) === 'file') readFile(draft, join(path, name), from);
    else readSource(draft, join(path, name), from);
  }
  return path;
}

/** An inventory as its files have it, and with what joins it later. */
export interface LoadedInventory {
  readonly inventory: Inventory;
  /** Where `group_vars` and `host_vars` of what joins lie; they are read at once, and what is wrong in them is reported. */
  readonly growing: () => GrowingInventory;
}

/** The inventory of a run: files named on the command line, else what the playbook itself says. */
export function loadInventory(
  loading: Loading,
  sources: readonly string[],
  own: YamlNode | undefined,
  playbookDirectory: string,
): LoadedInventory {
  const draft = new InventoryDraft(loading);
  const directories: (string | undefined)[] = sources.map((source) => readSource(draft, source, undefined));
  if (sources.length === 0 && own) directories.push(...readOwn(draft, own, playbookDirectory));
  const beside = directories.filter((directory) => directory !== undefined);
  const places = [...new Set([...beside, playbookDirectory])];
  const inventory = finishInventory(draft, places);
  return { inventory, growing: () => growingInventory(draft, places, inventory) };
}
