import { shorten, textWidth } from './fitted-text.ts';
import type { HostActivity, HostState } from './host-activity.ts';
import { byName, counted, hostList } from './host-list.ts';
import type { TaskTally } from './task-tally.ts';
import { elapsedText, type TotalProgress } from './total-progress.ts';

const mostRows = 8;
const mostHosts = 3;
// Milliseconds from which on it is worth saying how long something takes.
const patience = 2000;

/** What the rows are made of. */
export interface RowSources {
  readonly total: TotalProgress;
  readonly activity: HostActivity;
  /** The tasks that some host has begun and not every host has ended. */
  readonly tallies: () => readonly TaskTally[];
  /** Makes of a text what a person may see of it. */
  readonly shown: (text: string) => string;
}

/** What is being done now, as rows for a screen: how far the run is, then each task with the hosts that are at it. */
export class RunningRows {
  readonly #sources: RowSources;

  constructor(sources: RowSources) {
    this.#sources = sources;
  }

  /** The rows for a width in columns; none when nothing is going on. */
  rows(width: number): readonly string[] {
    const { line } = this.#sources.total;
    const connecting = this.#connecting(width);
    const groups = this.#groups();
    const shown = groups.slice(0, mostRows).map((group) => this.#row(group, width - 2));
    const more = groups.length - shown.length;
    const below = [...shown, ...(more > 0 ? [`and ${counted(more, 'more task')}`] : [])];
    const lead = [connecting, line].filter((one) => one !== undefined);
    if (connecting === undefined && below.length === 0) return [];
    return [...lead, ...below.map((row) => (lead.length > 0 ? `  ${row}` : row))];
  }

  /** `connecting: 3 of 5 hosts, waiting for h4, h5 (12 s)`; undefined once no host is waited for. */
  #connecting(width: number): string | undefined {
    const { connecting, counts } = this.#sources.activity;
    if (connecting.length === 0) return undefined;
    const hosts = connecting.map(({ host }) => host).toSorted(byName);
    const longest = Math.max(...connecting.map(({ elapsed }) => elapsed));
    const lead = `connecting: ${counts.connected} of ${counted(counts.total, 'host')}, waiting for `;
    const time = ` (${elapsedText(longest)})`;
    return `${lead}${hostList(hosts, Math.max(12, width - lead.length - time.length))}${time}`;
  }

  // Hosts that are at the same task and wait for the same stand together; what takes longest comes first.
  #groups(): readonly (readonly HostState[])[] {
    const key = ({ task, until }: HostState): string => JSON.stringify([task?.id, task?.name, until]);
    return [...Map.groupBy(this.#sources.activity.working, key).values()];
  }

  #row(group: readonly HostState[], width: number): string {
    const [first] = group;
    const { activity, tallies, shown } = this.#sources;
    const tally = tallies().find(({ task }) => task === first?.task?.id);
    const handler = tally?.handler ? ' (handler)' : '';
    const name = first?.task ? `${shown(first.task.name)}${handler}` : 'reading the state of hosts';
    // With one host there is nothing to count.
    const count = tally && activity.counts.total > 1 ? [`${tally.results.size}/${expectedOf(tally)}`] : [];
    const waits = first?.until === undefined ? [] : [`waits for ${shown(first.until)}`];
    // Neither the task nor who is at it may crowd the other out.
    const rest = [...count, ...waits].join('  ');
    const hosts = hostTimes(
      group,
      Math.max(16, width - Math.min(textWidth(name), width / 2) - textWidth(rest) - 4),
    );
    const detail = [...count, hosts, ...waits].join('  ');
    const room = Math.max(12, width - textWidth(detail) - 2);
    return shorten(`${shorten(name, room)}  ${detail}`, width);
  }
}

function expectedOf({ expected, results }: TaskTally): number {
  return Math.max(expected, results.size);
}

// `h3 12 s, h1 4 s, +97`: each with its own time, as many as fit.
function hostTimes(group: readonly HostState[], width: number): string {
  const all = group
    .slice(0, mostHosts)
    .map(({ host, elapsed }) => (elapsed < patience ? host : `${host} ${elapsedText(elapsed)}`));
  for (let named = all.length; ; named--) {
    const more = group.length - named;
    const text = [...all.slice(0, named), ...(more > 0 ? [`+${more}`] : [])].join(', ');
    if (named <= 1 || textWidth(text) <= width) return text;
  }
}
