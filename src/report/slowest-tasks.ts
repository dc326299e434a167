import type { RunEvent, TaskResult } from '../runner/events.ts';
import { durationText } from './duration-text.ts';
import { shorten } from './fitted-text.ts';

const most = 5;

/** Keeps how long each task took on the host that took longest, and lists the slowest of them. */
export class SlowestTasks {
  readonly #slowest = new Map<string, TaskResult>();

  take(event: RunEvent): void {
    if (event.type !== 'task-result') return;
    const key = `${event.play} ${event.task}`;
    if (event.duration > (this.#slowest.get(key)?.duration ?? 0)) this.#slowest.set(key, event);
  }

  /** A line for each; none where no task took any time. */
  lines(width: number): readonly string[] {
    const sorted = [...this.#slowest.values()].sort((one, other) => other.duration - one.duration);
    const rows = sorted.slice(0, most).map(({ name, host, duration }) => {
      return shorten(`  ${durationText(duration).padStart(12)}  ${name}  (${host})`, width);
    });
    return rows.length === 0 ? [] : ['Slowest tasks:', ...rows, ''];
  }
}
