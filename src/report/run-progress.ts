import type { RunEvent, TaskResult } from '../runner/events.ts';
import { Laggards } from './laggards.ts';
import type { TaskTally } from './task-tally.ts';

interface OpenTally extends TaskTally {
  readonly order: number;
  readonly results: Map<string, TaskResult[]>;
  /** Hosts of the play that may still come to it. */
  readonly coming: Laggards;
  /** Hosts that have come and may give it another result. */
  readonly staying: Laggards;
}

/**
 * Counts hosts per task. A task is done when all hosts that were to come to it are past it, or the play is over:
 * results alone cannot show, for a loop gives several and a host may drop out.
 */
export class RunProgress {
  readonly #done: (tally: TaskTally) => void;
  readonly #clock: () => number;
  #play = 0;
  /** Hosts of the play that still work. */
  #hosts = new Set<string>();
  /** Hosts that dropped out of the run. */
  readonly #lost = new Set<string>();
  /** How far each host has come, as the order of the task that it is at. */
  readonly #reached = new Map<string, number>();
  readonly #open = new Map<string, OpenTally>();
  /** How many hosts were announced to come to each task: the later rounds of a serial play do not announce them again. */
  readonly #expected = new Map<string, number>();
  #started = 0;

  constructor(done: (tally: TaskTally) => void, clock = () => performance.now()) {
    this.#done = done;
    this.#clock = clock;
  }

  /** Tasks that some host has begun and not every host has ended, in the order in which they began. */
  get running(): readonly TaskTally[] {
    return [...this.#open.values()];
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'play-start':
        this.#finish(() => true);
        this.#play = event.play;
        this.#hosts = new Set(event.hosts.filter((host) => !this.#lost.has(host)));
        this.#reached.clear();
        return;
      case 'task-start':
        this.#begin(event);
        return;
      case 'task-result':
        this.#count(event);
        return;
      case 'host-failed':
      case 'host-unreachable':
        this.#lost.add(event.host);
        this.#hosts.delete(event.host);
        this.#finish((tally) => this.#passed(tally));
        return;
      case 'recap':
        this.#finish(() => true);
        return;
      default:
    }
  }

  #begin(start: Omit<TaskTally, 'results' | 'expected' | 'began'> & { readonly hosts: number }): OpenTally {
    const { play, task, name, handler, hosts } = start;
    const known = this.#open.get(task);
    if (known) return known;
    this.#expected.set(task, hosts);
    const results = new Map<string, TaskResult[]>();
    const tally = {
      play,
      task,
      name,
      handler,
      expected: hosts,
      began: this.#clock(),
      order: this.#started++,
      results,
      coming: new Laggards(this.#hosts),
      staying: new Laggards(results.keys()),
    };
    this.#open.set(task, tally);
    return tally;
  }

  #count(result: TaskResult): void {
    if (this.#lost.delete(result.host)) this.#hosts.add(result.host);
    // The first host of another round: those of the round before it have ended the play.
    if (!this.#reached.has(result.host)) this.#finish((open) => full(open) && !open.results.has(result.host));
    const tally =
      this.#open.get(result.task) ??
      this.#begin({ ...result, hosts: this.#expected.get(result.task) ?? this.#hosts.size });
    const earlier = tally.results.get(result.host);
    if (earlier) earlier.push(result);
    else tally.results.set(result.host, [result]);
    if ((this.#reached.get(result.host) ?? -1) >= tally.order) return;
    this.#reached.set(result.host, tally.order);
    this.#finish((open) => open !== tally && this.#passed(open));
  }

  #passed(tally: OpenTally): boolean {
    if (tally.play !== this.#play) return true;
    const past = (host: string): boolean =>
      this.#lost.has(host) || (this.#reached.get(host) ?? -1) > tally.order;
    return tally.coming.none(past) || (full(tally) && tally.staying.none(past));
  }

  #finish(over: (tally: OpenTally) => boolean): void {
    for (const [task, tally] of this.#open) {
      if (!over(tally)) continue;
      this.#open.delete(task);
      if (tally.results.size > 0) this.#done(tally);
    }
  }
}

function full(tally: OpenTally): boolean {
  return tally.results.size >= tally.expected;
}
