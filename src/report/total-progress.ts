import type { RunEvent, TaskResult } from '../runner/events.ts';
import { durationText } from './duration-text.ts';

/** How far a run has come: tasks behind its hosts, out of all that the playbook has. */
export class TotalProgress {
  readonly #sizes: ReadonlyMap<number, number>;
  readonly #clock: () => number;
  #began: number | undefined;
  #play = 0;
  /** Hosts of the play that have not dropped out. */
  #hosts = new Set<string>();
  /** The task that each host had its last result of, and how many there were. */
  readonly #passed = new Map<string, { task: string; count: number }>();
  #count = 0;

  /**
   * @param sizes how many tasks each play has, by its number; empty where nobody knows
   * @param clock milliseconds, any origin
   */
  constructor(sizes: ReadonlyMap<number, number>, clock = () => performance.now()) {
    this.#sizes = sizes;
    this.#clock = clock;
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'run-start':
        this.#began = this.#clock();
        return;
      case 'play-start':
        this.#play = event.play;
        this.#hosts = new Set(event.hosts);
        this.#passed.clear();
        this.#count = 0;
        return;
      case 'host-failed':
      case 'host-unreachable':
        if (this.#hosts.delete(event.host)) this.#count -= this.#passed.get(event.host)?.count ?? 0;
        return;
      case 'task-result':
        this.#pass(event);
        return;
      default:
    }
  }

  #pass({ host, task, handler }: TaskResult): void {
    // A handler is not among the tasks of a play; a loop gives several results of one task.
    if (handler || !this.#hosts.has(host)) return;
    const passed = this.#passed.get(host) ?? { task: '', count: 0 };
    if (passed.task === task) return;
    this.#passed.set(host, { task, count: passed.count + 1 });
    this.#count++;
  }

  /** `112 of 248 tasks, play 3 of 10, 1 min 02 s`; undefined before the first play. */
  get line(): string | undefined {
    if (this.#play === 0 || this.#began === undefined) return undefined;
    const parts = [...this.#tasks(), elapsedText(this.#clock() - this.#began)];
    return parts.join(', ');
  }

  #tasks(): readonly string[] {
    const all = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    if (all === 0) return [];
    const before = [...this.#sizes].reduce((sum, [play, size]) => (play < this.#play ? sum + size : sum), 0);
    const own = Math.floor(this.#count / Math.max(1, this.#hosts.size));
    const done = before + Math.min(own, this.#sizes.get(this.#play) ?? 0);
    const place = [...this.#sizes.keys()].filter((play) => play <= this.#play).length;
    const plays = this.#sizes.size > 1 ? [`play ${Math.max(1, place)} of ${this.#sizes.size}`] : [];
    return [`${done} of ${all} tasks`, ...plays];
  }
}

/** Time that goes on, in whole seconds, so that it changes once a second. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : durationText(seconds * 1000);
}
