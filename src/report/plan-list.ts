import type { HostRecap } from '../runner/events.ts';
import { counted, hostList } from './host-list.ts';
import type { Paint } from './paint.ts';
import { legend } from './plan-sign.ts';
import { PlanTotals } from './plan-totals.ts';
import { entryLines, type PlannedEntry, plannedTask } from './planned-task.ts';
import { noHosts } from './recap.ts';
import type { Output } from './screen.ts';
import { ShownChanges } from './shown-changes.ts';
import type { TaskTally } from './task-tally.ts';

interface PlannedPlay {
  readonly heading: string;
  readonly entries: PlannedEntry[];
}

/** What of a plan is shown. */
export interface PlanListChoice {
  /** Texts as unified diffs. */
  readonly diff: boolean;
  /** Of long diffs only the beginning. */
  readonly brief?: boolean;
  /** The command that does what is planned. */
  readonly next?: string;
}

/** Collects what a dry run finds and prints it in one piece: what the signs mean, plays with something to do, then the counts. */
export class PlanList {
  readonly #output: Output;
  readonly #choice: PlanListChoice;
  readonly #plays: PlannedPlay[] = [];
  readonly #totals = new PlanTotals();
  readonly #shown = new ShownChanges();

  constructor(output: Output, choice: PlanListChoice) {
    this.#output = output;
    this.#choice = choice;
  }

  play(name: string, hosts: readonly string[]): void {
    const { paint, width } = this.#output;
    const names = hostList(hosts, Math.max(16, width - name.length - 2));
    this.#plays.push({ heading: `${paint('bold', name)}  ${paint('dim', names)}`, entries: [] });
  }

  task(tally: TaskTally): void {
    const { paint, width } = this.#output;
    if (this.#plays.length === 0) this.play(`play ${tally.play}`, [...tally.results.keys()]);
    this.#totals.take(tally);
    const { diff, brief = false } = this.#choice;
    const choice = { diff, brief, width };
    this.#plays.at(-1)?.entries.push(...plannedTask(tally, choice, paint, this.#shown));
  }

  lines(hosts: Readonly<Record<string, HostRecap>>): readonly string[] {
    const due = this.#plays.filter(({ entries }) => entries.length > 0);
    const { paint, width } = this.#output;
    const signs = legend(this.#totals.signs, paint);
    const totals = this.#totals.lines(paint, width);
    return [
      ...(signs === undefined ? [] : [signs, '']),
      ...due.flatMap(({ heading, entries }) => [heading, ...entryLines(entries, width), '']),
      ...(totals.length === 0 ? [] : [...totals, '']),
      planSummary(hosts, paint),
      ...this.#nextLines(Object.values(hosts)),
    ];
  }

  #nextLines(recaps: readonly HostRecap[]): readonly string[] {
    const { next } = this.#choice;
    if (recaps.length === 0 || recaps.some(({ failed, unreachable }) => failed > 0 || unreachable)) return [];
    if (recaps.every(({ changed, unknown }) => changed + unknown === 0))
      return recaps.some(({ ignored, rescued }) => ignored + rescued > 0)
        ? ['nothing to do but what would fail, and may fail: see above']
        : ['nothing to do: all is as the playbook says'];
    return next === undefined ? [] : [`next: ${next}`];
  }
}

/** The last line of a plan: `Plan: 3 to change, 1 unknown, 40 ok on 3 hosts`. */
export function planSummary(hosts: Readonly<Record<string, HostRecap>>, paint: Paint): string {
  const recaps = Object.values(hosts);
  if (recaps.length === 0) return `${paint('bold', 'Plan:')} ${paint('red', noHosts)}`;
  const sum = (count: (recap: HostRecap) => number): number =>
    recaps.reduce((all, one) => all + count(one), 0);
  const failed = sum(({ failed }) => failed);
  const unreachable = recaps.filter((recap) => recap.unreachable).length;
  const parts = [
    `${sum(({ changed }) => changed)} to change`,
    `${sum(({ unknown }) => unknown)} unknown`,
    `${sum(({ ok }) => ok)} ok`,
    ...(failed > 0 ? [paint('red', `${failed} would fail`)] : []),
  ];
  const lost = unreachable > 0 ? `, ${paint('red', `${counted(unreachable, 'host')} unreachable`)}` : '';
  return `${paint('bold', 'Plan:')} ${parts.join(', ')} on ${counted(recaps.length - unreachable, 'host')}${lost}`;
}
