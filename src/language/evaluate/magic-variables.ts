import { basename, dirname, resolve } from 'node:path';
import { omit } from '../../jinja/values/value.ts';
import type { Host, Inventory, Play, Playbook, Role, Task } from '../model.ts';
import { collectionName, shortRoleName } from '../role-name.ts';
import type { HostMemory } from './host-memory.ts';

/** What magic variables are made of. */
export interface MagicContext {
  readonly playbook: Playbook;
  readonly check: boolean;
  readonly hostName: string;
  readonly host: Host | undefined;
  readonly play: Play | undefined;
  readonly task: Task | undefined;
  readonly memory: HostMemory | undefined;
  /** Hosts of the play that still take part. */
  readonly active: () => readonly string[];
  /** Variables of all hosts. */
  readonly hostvars: () => unknown;
  /** All names that there are here. */
  readonly vars: () => unknown;
}

/** Groups of the inventory, with `all` and `ungrouped` always among them. */
export function groupsOf(playbook: Playbook): Readonly<Record<string, readonly string[]>> {
  const { inventory } = playbook;
  const known = groupsByInventory.get(inventory) ?? groupsIn(inventory);
  groupsByInventory.set(inventory, known);
  return known;
}

// Every host reads them, and they hold all hosts: made once, the time for each host does not grow with their number.
const groupsByInventory = new WeakMap<Inventory, Readonly<Record<string, readonly string[]>>>();

function groupsIn(inventory: Inventory): Readonly<Record<string, readonly string[]>> {
  const all = [...inventory.hosts.keys()];
  const grouped = new Set([...inventory.groups].flatMap(([name, hosts]) => (implied.has(name) ? [] : hosts)));
  const ungrouped = all.filter((host) => !grouped.has(host));
  return { all, ungrouped, ...Object.fromEntries(inventory.groups) };
}

const implied = new Set(['all', 'ungrouped']);

/** Facts under the names that `ansible_facts` gives them. */
export function factsOf(memory: HostMemory | undefined): Readonly<Record<string, unknown>> {
  const entries = [...(memory?.facts ?? [])].map(
    ([name, value]) => [name.replace(/^ansible_/, ''), value] as const,
  );
  const facts = Object.fromEntries(entries);
  // The one fact that keeps its prefix in Ansible.
  return Object.hasOwn(facts, 'local') ? { ...facts, ansible_local: facts.local } : facts;
}

// The Ansible whose language this is: what playbooks ask for before they use something newer.
const version = { full: '2.19.0', string: '2.19.0', major: 2, minor: 19, revision: 0 };

// Several may stand in one option.
function listed(options: readonly string[]): readonly string[] {
  return options.flatMap((option) => option.split(',')).map((word) => word.trim());
}

// A playbook that carries its inventory is its own.
function inventoryFile({ words, directory, file }: Playbook): string | undefined {
  const [first] = words.inventories;
  if (first === undefined) return resolve(directory, basename(file));
  return first.includes(',') ? undefined : first;
}

// Only a role that another one brings has parents.
function parentsOf(task: Task | undefined): readonly Role[] | undefined {
  const parents = task?.role?.parents ?? [];
  return parents.length > 0 ? parents : undefined;
}

const magic: Readonly<Record<string, (context: MagicContext) => unknown>> = {
  inventory_hostname: ({ hostName }) => hostName,
  inventory_hostname_short: ({ hostName }) => hostName.split('.')[0],
  groups: ({ playbook }) => groupsOf(playbook),
  group_names: ({ host }) => [...(host?.groups ?? [])].filter((group) => group !== 'all').sort(),
  hostvars: ({ hostvars }) => hostvars(),
  vars: ({ vars }) => vars(),
  ansible_facts: ({ memory }) => factsOf(memory),
  ansible_check_mode: ({ check }) => check,
  ansible_play_name: ({ play }) => play?.name,
  ansible_play_hosts: ({ play, active }) => play && active(),
  ansible_play_hosts_all: ({ play }) => play?.hosts,
  ansible_play_batch: ({ play, active }) => play && active(),
  play_hosts: ({ play, active }) => play && active(),
  playbook_dir: ({ playbook }) => playbook.directory,
  role_name: ({ task }) => task?.role && shortRoleName(task.role),
  ansible_role_name: ({ task }) => task?.role?.name,
  role_path: ({ task }) => task?.role?.directory,
  ansible_collection_name: ({ task }) => task?.role && collectionName(task.role),
  ansible_parent_role_names: ({ task }) => parentsOf(task)?.map(({ name }) => name),
  ansible_parent_role_paths: ({ task }) => parentsOf(task)?.map(({ directory }) => directory),
  ansible_version: () => version,
  ansible_play_role_names: ({ play }) => play && [...new Set(play.roles.map(({ name }) => name))],
  role_names: ({ play }) => play && [...new Set(play.roles.map(({ name }) => name))],
  ansible_role_names: ({ play }) => play && [...new Set(play.roles.map(({ name }) => name))],
  ansible_run_tags: ({ playbook: { words } }) => (words.tags.length > 0 ? listed(words.tags) : ['all']),
  ansible_skip_tags: ({ playbook: { words } }) => listed(words.skipTags),
  ansible_limit: ({ playbook: { words } }) => words.limit,
  ansible_forks: ({ playbook: { words } }) => words.forks,
  ansible_verbosity: ({ playbook: { words } }) => words.verbosity,
  ansible_diff_mode: ({ playbook: { words } }) => words.diff,
  ansible_inventory_sources: ({ playbook: { words } }) => words.inventories,
  inventory_file: ({ playbook }) => inventoryFile(playbook),
  inventory_dir: ({ playbook }) => dirname(inventoryFile(playbook) ?? playbook.file),
  ansible_search_path: ({ task }) => task?.searchPath,
  omit: () => omit,
};

/** Whether a name says how to connect: it looks like a fact, but only the user gives it a value. */
export function isConnectionVariable(name: string): boolean {
  return /^ansible_(?:host|port|user|connection|become(?:_\w+)?|ssh_\w+|python_interpreter|shell_\w+|pipelining|password)$/.test(
    name,
  );
}

/** Whether magicValue may have a value for a name: most names that are looked for are none of these. */
export function isMagic(name: string): boolean {
  return Object.hasOwn(magic, name);
}

/** Names that are always there, on every host. */
export const magicNames: readonly string[] = Object.keys(magic);

/** Whether what a name means is no secret: facts, names of hosts and groups. */
export function isOpenToAll(name: string): boolean {
  if (name.startsWith('ansible_')) return !/pass/.test(name);
  return Object.hasOwn(magic, name) || ordinaryNames.includes(name);
}

const ordinary: Readonly<Record<string, (hostName: string) => unknown>> = {
  ansible_managed: () => 'Managed by provision',
  ansible_host: (hostName) => hostName,
  ansible_connection: (hostName) => (hostName === 'localhost' ? 'local' : 'ssh'),
};

/** Names that are there unless somebody gives them another value. */
export const ordinaryNames: readonly string[] = Object.keys(ordinary);

/** The value of such a name. */
export function ordinaryValue(name: string, hostName: string): unknown {
  return Object.hasOwn(ordinary, name) ? ordinary[name]?.(hostName) : undefined;
}

/** The value of a magic variable; undefined for other names and where it makes no sense. */
export function magicValue(name: string, context: MagicContext): unknown {
  return Object.hasOwn(magic, name) ? magic[name]?.(context) : undefined;
}
