import type { Play, Playbook, Task } from '../language/model.ts';
import { allTasks } from '../language/task-walk.ts';
import { namesSetBy } from '../planner/look-ahead.ts';
import { HostGroups } from './host-groups.ts';
import { type HostvarsReads, hostvarsReads } from './hostvars-reads.ts';
import { playTexts } from './play-texts.ts';

/** Hosts that one worker does together. */
export interface Shard {
  /** Only a worker there may have it, of several sites one that reaches them all (`a+b`); undefined: any. */
  readonly site: string | undefined;
  readonly hosts: readonly string[];
}

/** Hosts that act together and have no worker in common. */
export interface Torn {
  readonly hosts: readonly [string, string];
  /** Of all hosts that would be in one shard with them. */
  readonly sites: readonly string[];
  readonly play: string;
  readonly why: string;
}

/** What is known of the fleet and the playbook when a run is cut. */
export interface Cutting {
  /** Names of resources at which hosts meet. */
  readonly exchanges: ReadonlySet<string>;
  siteOf(host: string): string | undefined;
  /** How many workers can take hosts of a site now. */
  workersAt(site: string | undefined): number;
  /** The sites of workers that reach all of these, written as one; undefined when there is none. */
  workersOf(sites: readonly string[]): string | undefined;
}

// A worker with fewer hosts is hardly faster.
const fewest = 25;

/** Cuts the hosts of a run into shards: by site, and so that each worker has its share. Hosts that act together stay together. */
export function cutIntoShards(
  playbook: Pick<Playbook, 'plays' | 'limited' | 'mentioned' | 'sources' | 'inventory' | 'extraVars'>,
  cutting: Cutting,
): { readonly shards: readonly Shard[]; readonly torn: readonly Torn[] } {
  const { limited, mentioned, plays } = playbook;
  // Those that --limit leaves out are looked at for what templates read of them.
  const looks = mentioned.has('hostvars');
  const names = [...new Set(plays.flatMap(({ hosts }) => hosts))];
  const concerned = new Set(names.filter((host) => looks || limited.has(host)));
  const groups = new HostGroups([...concerned]);
  const pairs: Omit<Torn, 'sites'>[] = [];
  const apart = (one: string, other: string): boolean => {
    const [a, b] = [cutting.siteOf(one), cutting.siteOf(other)];
    return a !== undefined && b !== undefined && a !== b;
  };
  for (const play of plays) {
    const reads = hostvarsReads(playTexts(play, playbook));
    const found = togetherBecause(play, mentioned, reads, cutting.exchanges);
    if (found === undefined) continue;
    const together = play.hosts.filter((host) => limited.has(host) || (looks && found.reads));
    const [first, ...others] = together;
    if (first === undefined) continue;
    for (const other of [...others, ...reachedFrom(play, [...concerned], cutting.exchanges)]) {
      groups.join(first, other);
      if (apart(first, other)) pairs.push({ hosts: [first, other], play: play.name, why: found.why });
    }
  }
  const sitesOf = (hosts: readonly string[]): readonly string[] =>
    [...new Set(hosts.flatMap((host) => cutting.siteOf(host) ?? []))].sort();
  // One pair of hosts is enough to say of each group.
  const torn = [
    ...new Map(pairs.toReversed().map((pair) => [groups.of(pair.hosts[0]), pair])).entries(),
  ].flatMap(([group, pair]) => {
    const sites = sitesOf(group);
    return cutting.workersOf(sites) === undefined ? [{ ...pair, sites }] : [];
  });
  if (torn.length > 0) return { shards: [], torn };
  // A worker that has nobody to address says so.
  if (concerned.size === 0) return { shards: [{ site: undefined, hosts: [] }], torn };
  const shards = shared(groups.all(), cutting, sitesOf);
  // Hosts to which only tasks are delegated have no part of their own.
  const own = shards.map(({ site, hosts }) => ({ site, hosts: hosts.filter((host) => concerned.has(host)) }));
  return { shards: own.filter(({ hosts }) => hosts.length > 0), torn };
}

/** Why the hosts of a play cannot be done apart from each other, and whether by what they read; undefined when they can. */
function togetherBecause(
  play: Play,
  mentioned: ReadonlySet<string>,
  reads: HostvarsReads,
  exchanges: ReadonlySet<string>,
): { readonly why: string; readonly reads: boolean } | undefined {
  const act = (why: string) => ({ why, reads: false });
  const tasks = [...allTasks(play.tasks), ...play.handlers];
  const named = (task: Task) => `of '${task.name ?? task.resource}'`;
  // Another host may read it in the same play, before the next barrier.
  for (const task of tasks) {
    const read = namesSetBy(task).find((name) => reads.anything || reads.names.has(name));
    if (read !== undefined)
      return { why: `\`${read}\`, which \`hostvars\` may read, ${named(task)}`, reads: true };
  }
  if (play.serial) return act('`serial`');
  if (play.anyErrorsFatal) return act('`any_errors_fatal`');
  if (play.maxFailPercentage !== undefined) return act('`max_fail_percentage`');
  const seen = ['ansible_play_hosts', 'ansible_play_batch', 'play_hosts'].find((name) => mentioned.has(name));
  if (seen !== undefined) return act(`\`${seen}\``);
  for (const task of tasks) {
    const why = meetsAt(task, exchanges);
    if (why !== undefined) return act(`${why} ${named(task)}`);
  }
  return undefined;
}

/** Hosts beside its own on which a play acts: those to which it delegates, and all where only its run knows whom it means. The worker is one for itself. */
function reachedFrom(
  { tasks, handlers }: Play,
  all: readonly string[],
  exchanges: ReadonlySet<string>,
): readonly string[] {
  const own = [...allTasks(tasks), ...handlers];
  if (own.some((task) => exchanges.has(task.resource) || holdsOthers(task) || task.delegateFacts)) return all;
  const given = own.flatMap(({ delegateTo }) => delegateTo?.value ?? []);
  if (given.some((one) => typeof one !== 'string' || one.includes('{{'))) return all;
  return given.flatMap((one) => (typeof one !== 'string' || one === 'localhost' ? [] : [one]));
}

function meetsAt(task: Task, exchanges: ReadonlySet<string>): string | undefined {
  if (task.runOnce || task.runOnceText) return '`run_once`';
  if (task.delegateTo) return '`delegate_to`';
  if (exchanges.has(task.resource)) return `\`${task.resource}\``;
  return holdsOthers(task) ? 'what it holds other hosts for' : undefined;
}

// The argument by which a step of a domain has other hosts wait.
function holdsOthers({ args: { value } }: Task): boolean {
  return value !== null && typeof value === 'object' && 'hold' in value;
}

function shared(
  groups: readonly (readonly string[])[],
  { workersAt, workersOf }: Cutting,
  sitesOf: (hosts: readonly string[]) => readonly string[],
): readonly Shard[] {
  const bySite = new Map<string | undefined, (readonly string[])[]>();
  for (const group of groups) {
    const sites = sitesOf(group);
    const site = sites.length > 1 ? workersOf(sites) : sites[0];
    bySite.set(site, [...(bySite.get(site) ?? []), group]);
  }
  return [...bySite].flatMap(([site, own]) => {
    const total = own.reduce((sum, { length }) => sum + length, 0);
    const count = Math.max(1, Math.min(workersAt(site), Math.ceil(total / fewest), own.length));
    const bins = Array.from({ length: count }, (): string[] => []);
    for (const group of [...own].sort((a, b) => b.length - a.length)) smallest(bins).push(...group);
    return bins.map((hosts) => ({ site, hosts }));
  });
}

function smallest(bins: readonly string[][]): string[] {
  return bins.reduce((least, bin) => (bin.length < least.length ? bin : least));
}
