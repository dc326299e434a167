import type { Play, Playbook, Task } from '../language/model.ts';
import { allTasks } from '../language/task-walk.ts';
import { namesSetBy } from '../planner/look-ahead.ts';
import { type HostvarsReads, hostvarsReads } from './hostvars-reads.ts';
import { playTexts } from './play-texts.ts';

/** Hosts that one worker does together. */
export interface Shard {
  /** Only a worker there may have it; undefined: any. */
  readonly site: string | undefined;
  readonly hosts: readonly string[];
}

/** Hosts that act together and have no worker in common. */
export interface Torn {
  readonly hosts: readonly [string, string];
  readonly sites: readonly [string, string];
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
}

// A worker with fewer hosts is hardly faster.
const fewest = 25;

/** Cuts the hosts of a run into shards: by site, and so that each worker has its share. Hosts that act together stay together. */
export function cutIntoShards(
  playbook: Pick<Playbook, 'plays' | 'limited' | 'mentioned' | 'sources' | 'inventory' | 'extraVars'>,
  cutting: Cutting,
): { readonly shards: readonly Shard[]; readonly torn: readonly Torn[] } {
  const names = [...new Set(playbook.plays.flatMap(({ hosts }) => hosts))].filter((host) =>
    playbook.limited.has(host),
  );
  const groups = new Groups(names);
  const torn: Torn[] = [];
  for (const play of playbook.plays) {
    const reads = hostvarsReads(playTexts(play, playbook));
    const why = togetherBecause(play, playbook.mentioned, reads, cutting.exchanges);
    const [first, ...others] = play.hosts.filter((host) => playbook.limited.has(host));
    if (why === undefined || first === undefined) continue;
    for (const other of others) {
      groups.join(first, other);
      const sites = [cutting.siteOf(first), cutting.siteOf(other)] as const;
      const [one, two] = sites;
      if (one !== undefined && two !== undefined && one !== two)
        torn.push({ hosts: [first, other], sites: [one, two], play: play.name, why });
    }
  }
  return { shards: torn.length > 0 ? [] : shared(groups.all(), cutting), torn };
}

/** Why the hosts of a play cannot be done apart from each other; undefined when they can. */
function togetherBecause(
  play: Play,
  mentioned: ReadonlySet<string>,
  reads: HostvarsReads,
  exchanges: ReadonlySet<string>,
): string | undefined {
  if (play.serial) return '`serial`';
  if (play.anyErrorsFatal) return '`any_errors_fatal`';
  if (play.maxFailPercentage !== undefined) return '`max_fail_percentage`';
  const seen = ['ansible_play_hosts', 'ansible_play_batch', 'play_hosts'].find((name) => mentioned.has(name));
  if (seen !== undefined) return `\`${seen}\``;
  for (const task of [...allTasks(play.tasks), ...play.handlers]) {
    const why = meetsAt(task, reads, exchanges);
    if (why !== undefined) return `${why} of '${task.name ?? task.resource}'`;
  }
  return undefined;
}

function meetsAt(task: Task, reads: HostvarsReads, exchanges: ReadonlySet<string>): string | undefined {
  if (task.runOnce || task.runOnceText) return '`run_once`';
  if (task.delegateTo) return '`delegate_to`';
  if (exchanges.has(task.resource)) return `\`${task.resource}\``;
  if (holdsOthers(task)) return 'what it holds other hosts for';
  // Another host may read it in the same play, before the next barrier.
  const read = namesSetBy(task).find((name) => reads.anything || reads.names.has(name));
  return read === undefined ? undefined : `\`${read}\`, which \`hostvars\` may read,`;
}

// The argument by which a step of a domain has other hosts wait.
function holdsOthers({ args: { value } }: Task): boolean {
  return value !== null && typeof value === 'object' && 'hold' in value;
}

function shared(groups: readonly (readonly string[])[], { siteOf, workersAt }: Cutting): readonly Shard[] {
  const bySite = new Map<string | undefined, (readonly string[])[]>();
  for (const group of groups) {
    const site = group.map(siteOf).find((one) => one !== undefined);
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

/** Sets of hosts, of which two become one. */
class Groups {
  readonly #of: Map<string, string[]>;

  constructor(names: readonly string[]) {
    this.#of = new Map(names.map((name) => [name, [name]]));
  }

  join(one: string, other: string): void {
    const a = this.#of.get(one);
    const b = this.#of.get(other);
    if (!a || !b || a === b) return;
    const [large, small] = a.length >= b.length ? [a, b] : [b, a];
    large.push(...small);
    for (const host of small) this.#of.set(host, large);
  }

  all(): readonly (readonly string[])[] {
    return [...new Set(this.#of.values())];
  }
}
