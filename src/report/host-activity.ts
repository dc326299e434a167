import type { Doing } from '../runner/doing.ts';
import type { RunEvent } from '../runner/events.ts';
import { byName } from './host-list.ts';

/** What one host is at. */
export interface HostState {
  readonly host: string;
  /** Milliseconds since it began with that. */
  readonly elapsed: number;
  /** The task that it has come to; undefined while it is only looked at. */
  readonly task: { readonly id: string; readonly name: string } | undefined;
  /** What it cannot go on without. */
  readonly until: string | undefined;
}

interface State {
  since: number;
  task: HostState['task'];
  /** What it waits for, by the kind of wait, the last one last. */
  readonly waits: Map<string, string>;
}

/** What each host of a run is at, for whoever waits. */
export class HostActivity {
  readonly #clock: () => number;
  readonly #connecting = new Map<string, number>();
  readonly #working = new Map<string, State>();
  /** Hosts that are shown at all. */
  readonly #hosts = new Set<string>();
  #connected = 0;

  /** @param clock milliseconds, any origin */
  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  /** How many hosts the run has, and how many of them are connected. */
  get counts(): { readonly total: number; readonly connected: number } {
    return { total: this.#hosts.size, connected: this.#connected };
  }

  /** Hosts that are being connected to. */
  get connecting(): readonly HostState[] {
    const now = this.#clock();
    return [...this.#connecting].map(([host, since]) => ({
      host,
      elapsed: now - since,
      task: undefined,
      until: undefined,
    }));
  }

  /** Hosts that something is done on, those that are at it for longest first. */
  get working(): readonly HostState[] {
    const now = this.#clock();
    return [...this.#working]
      .map(([host, { since, task, waits }]) => ({
        host,
        elapsed: now - since,
        task,
        until: [...waits.values()].at(-1),
      }))
      .sort((one, other) => seconds(other) - seconds(one) || byName(one.host, other.host));
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'run-start':
        for (const host of event.hosts) {
          this.#hosts.add(host);
          this.#connecting.set(host, this.#clock());
        }
        return;
      case 'host-connected':
        if (this.#connecting.delete(event.host)) this.#connected++;
        this.#begin(event.host, undefined);
        return;
      case 'host-unreachable':
      case 'host-failed':
        this.#connecting.delete(event.host);
        this.#working.delete(event.host);
        return;
      case 'task-result':
        // The task is behind the host; if another item of it comes, that is shown anew.
        if (this.#working.get(event.host)?.task?.id === event.task) this.#begin(event.host, undefined);
        return;
      case 'play-start':
        this.#connecting.clear();
        this.#working.clear();
        return;
      case 'recap':
        this.#working.clear();
        this.#connecting.clear();
        return;
      default:
    }
  }

  /** Notes what a host is at; hosts that are looked at only for others are not shown. */
  watch(host: string, doing: Doing): void {
    if (!this.#hosts.has(host)) return;
    if (doing.at === 'end') this.#working.delete(host);
    else if (doing.at === 'task') this.#begin(host, { id: doing.task, name: doing.name });
    else {
      const { waits } = this.#working.get(host) ?? this.#begin(host, undefined);
      waits.delete(doing.kind);
      if (doing.until !== undefined) waits.set(doing.kind, doing.until);
    }
  }

  #begin(host: string, task: HostState['task']): State {
    const known = this.#working.get(host);
    if (known && task && known.task?.id === task.id && known.task.name === task.name) return known;
    // A hold outlasts the task that the host is at.
    const hold = known?.waits.get('hold');
    const state = { since: this.#clock(), task, waits: new Map(hold === undefined ? [] : [['hold', hold]]) };
    this.#working.set(host, state);
    return state;
  }
}

// What is shown of a time: hosts that began together keep their order.
function seconds({ elapsed }: HostState): number {
  return Math.floor(elapsed / 1000);
}
