import { omit } from '../../jinja/values/value.ts';
import type { Host, Play, Playbook, Task } from '../model.ts';
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
}

/** Groups of the inventory, with `all` and `ungrouped` always among them. */
export function groupsOf(playbook: Playbook): Readonly<Record<string, readonly string[]>> {
  const known = groupsByPlaybook.get(playbook) ?? groupsIn(playbook);
  groupsByPlaybook.set(playbook, known);
  return known;
}

// Every host reads them, and they hold all hosts: made once, the time for each host does not grow with their number.
const groupsByPlaybook = new WeakMap<Playbook, Readonly<Record<string, readonly string[]>>>();

function groupsIn({ inventory }: Playbook): Readonly<Record<string, readonly string[]>> {
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

const magic: Readonly<Record<string, (context: MagicContext) => unknown>> = {
  inventory_hostname: ({ hostName }) => hostName,
  inventory_hostname_short: ({ hostName }) => hostName.split('.')[0],
  groups: ({ playbook }) => groupsOf(playbook),
  group_names: ({ host }) => [...(host?.groups ?? [])].filter((group) => group !== 'all').sort(),
  hostvars: ({ hostvars }) => hostvars(),
  ansible_facts: ({ memory }) => factsOf(memory),
  ansible_check_mode: ({ check }) => check,
  ansible_play_name: ({ play }) => play?.name,
  ansible_play_hosts: ({ play, active }) => play && active(),
  ansible_play_hosts_all: ({ play }) => play?.hosts,
  ansible_play_batch: ({ play, active }) => play && active(),
  play_hosts: ({ play, active }) => play && active(),
  playbook_dir: ({ playbook }) => playbook.directory,
  role_name: ({ task }) => task?.role?.name,
  ansible_role_name: ({ task }) => task?.role?.name,
  role_path: ({ task }) => task?.role?.directory,
  ansible_version: () => version,
  ansible_play_role_names: ({ play }) => play && [...new Set(play.roles.map(({ name }) => name))],
  role_names: ({ play }) => play && [...new Set(play.roles.map(({ name }) => name))],
  omit: () => omit,
};

/** Whether a name says how to connect: it looks like a fact, but only the user gives it a value. */
export function isConnectionVariable(name: string): boolean {
  return /^ansible_(?:host|port|user|connection|become(?:_\w+)?|ssh_\w+|python_interpreter|shell_\w+|pipelining|password)$/.test(
    name,
  );
}

/** Names that are always there, on every host. */
export const magicNames: readonly string[] = Object.keys(magic);

/** Whether what a name means is no secret: facts, names of hosts and groups. */
export function isOpenToAll(name: string): boolean {
  if (name.startsWith('ansible_')) return !/pass/.test(name);
  return Object.hasOwn(magic, name) || Object.hasOwn(ordinaryNames, name);
}

/** Names that are there unless somebody gives them another value. */
export const ordinaryNames: Readonly<Record<string, unknown>> = { ansible_managed: 'Managed by provision' };

/** The value of a magic variable; undefined for other names and where it makes no sense. */
export function magicValue(name: string, context: MagicContext): unknown {
  return Object.hasOwn(magic, name) ? magic[name]?.(context) : undefined;
}
