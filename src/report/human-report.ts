import type { HostRecap, RunEvent } from '../runner/events.ts';
import { hostList } from './host-list.ts';
import { PlanList } from './plan-list.ts';
import { closingLine, recapTable, tripLines } from './recap.ts';
import { resultLines } from './result-text.ts';
import { RunProgress } from './run-progress.ts';
import type { Output, Screen } from './screen.ts';
import { taskLine } from './task-line.ts';
import { standingCounts, type TaskTally } from './task-tally.ts';
import { TimingsReport } from './timings-report.ts';

/** What a person wants to see of a run. */
export interface HumanChoice {
  readonly diff: boolean;
  readonly verbose: boolean;
  /** No progress: results, failures and the recap only. */
  readonly quiet: boolean;
}

/** Shows a run to a person: progress on stderr; results, plan and recap on stdout. */
export class HumanReport {
  readonly #screen: Screen;
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #choice: HumanChoice;
  readonly #progress = new RunProgress((tally) => this.#done(tally));
  readonly #timings = new TimingsReport();
  #plan: PlanList | undefined;

  readonly #beforeRecap: () => void;

  /** @param beforeRecap prints what is to stand right above the recap */
  constructor(screen: Screen, stdout: Output, stderr: Output, choice: HumanChoice, beforeRecap: () => void) {
    this.#screen = screen;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#choice = choice;
    this.#beforeRecap = beforeRecap;
    screen.running(() => this.#progress.running);
  }

  take(event: RunEvent): void {
    this.#progress.take(event);
    this.#timings.take(event);
    if (event.type === 'run-start' && event.check) this.#plan = new PlanList(this.#stdout, this.#choice.diff);
    if (event.type === 'play-start') this.#play(event.name, event.hosts);
    if (event.type !== 'recap') return;
    this.#beforeRecap();
    this.#recap(event.hosts, event.duration);
  }

  #play(name: string, hosts: readonly string[]): void {
    if (this.#plan) this.#plan.play(name, hosts);
    else if (!this.#choice.quiet) {
      const { paint, width } = this.#stderr;
      const names = hostList(hosts, Math.max(16, width - name.length - 2));
      this.#screen.progress(['', `${paint('bold', name)}  ${paint('dim', names)}`]);
    }
  }

  #done(tally: TaskTally): void {
    const { paint, width } = this.#stdout;
    const { verbose } = this.#choice;
    if (this.#plan) this.#plan.task(tally);
    else if (!this.#choice.quiet && (verbose || !skippedEverywhere(tally))) {
      this.#screen.progress([taskLine(tally, this.#stderr.paint, this.#stderr.width)]);
    }
    const diff = this.#choice.diff && !this.#plan;
    this.#screen.result(resultLines(tally, { diff, verbose, width }, paint));
  }

  #recap(hosts: Readonly<Record<string, HostRecap>>, duration: number): void {
    const { paint, width } = this.#stdout;
    const trips = tripLines(hosts, width).map((line) => paint('dim', line));
    const times = this.#timings.lines(width);
    const lines = this.#plan
      ? [...this.#plan.lines(hosts), ...trips]
      : ['', ...recapTable(hosts, paint), '', ...trips, closingLine(hosts, duration, paint)];
    this.#screen.result([...times, ...lines]);
  }
}

// What concerns no host of the play is only counted: a role for many cases would bury what happens under it.
function skippedEverywhere(tally: TaskTally): boolean {
  return [...standingCounts(tally).keys()].every((word) => word === 'skipped');
}
