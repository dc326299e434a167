import { padTo, shorten, textWidth } from './fitted-text.ts';
import { byName, hostList } from './host-list.ts';
import type { Paint } from './paint.ts';
import { paintedSign, type Sign, signOf } from './plan-sign.ts';
import type { TaskTally } from './task-tally.ts';

const mostFiles = 20;
const order: readonly Sign[] = ['+', '~', '-', '>', '*', '?', '!'];

/** Counts what a plan would do by host, and which files it would write. */
export class PlanTotals {
  readonly #hosts = new Map<string, Map<Sign, number>>();
  /** Hosts of each file, and what would become of it. */
  readonly #files = new Map<string, { sign: Sign; readonly hosts: Set<string> }>();

  take(tally: TaskTally): void {
    for (const result of [...tally.results.values()].flat()) {
      if (result.status === 'ok' || result.status === 'skipped') continue;
      const sign = signOf(result);
      const counts = this.#hosts.get(result.host) ?? new Map<Sign, number>();
      this.#hosts.set(result.host, counts.set(sign, (counts.get(sign) ?? 0) + 1));
      for (const { text } of result.changes) if (text) this.#file(text, result.host);
    }
  }

  /** The signs that the plan has. */
  get signs(): ReadonlySet<Sign> {
    return new Set([...this.#hosts.values()].flatMap((counts) => [...counts.keys()]));
  }

  /** A line for each host and one for each file; of a single host only its files. */
  lines(paint: Paint, width: number): readonly string[] {
    return [...this.#hostLines(paint), ...this.#fileLines(paint, width)];
  }

  #hostLines(paint: Paint): readonly string[] {
    if (this.#hosts.size < 2) return [];
    const rows = [...this.#hosts].toSorted(([one], [other]) => byName(one, other));
    const nameWidth = Math.max(...rows.map(([host]) => textWidth(host)));
    const lines = rows.map(([host, counts]) => {
      const cells = order.flatMap((sign) => {
        const count = counts.get(sign);
        return count === undefined ? [] : [`${paintedSign(sign, paint)} ${count}`];
      });
      return `  ${padTo(host, nameWidth)}  ${cells.join('   ')}`;
    });
    return [paint('bold', 'By host:'), ...lines];
  }

  #fileLines(paint: Paint, width: number): readonly string[] {
    if (this.#files.size === 0) return [];
    const rows = [...this.#files].toSorted(([one], [other]) => (one < other ? -1 : 1));
    const pathWidth = Math.min(Math.max(...rows.map(([path]) => textWidth(path))), Math.floor(width * 0.6));
    const lines = rows.slice(0, mostFiles).map(([path, { sign, hosts }]) => {
      const names = hostList([...hosts].toSorted(byName), Math.max(16, width - pathWidth - 6));
      return `  ${paintedSign(sign, paint)} ${padTo(shorten(path, pathWidth), pathWidth)}  ${paint('dim', names)}`;
    });
    const more = rows.length > mostFiles ? [`  and ${rows.length - mostFiles} more`] : [];
    return [paint('bold', 'By file:'), ...lines, ...more];
  }

  #file(
    { path, before, after }: { readonly path: string; readonly before: string; readonly after: string },
    host: string,
  ): void {
    const sign: Sign = before === '' ? '+' : after === '' ? '-' : '~';
    const known = this.#files.get(path) ?? { sign, hosts: new Set() };
    // New on one host and there on another: some of them are altered.
    if (known.sign !== sign) known.sign = '~';
    known.hosts.add(host);
    this.#files.set(path, known);
  }
}
