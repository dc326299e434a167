import type { RunEvent } from '../runner/events.ts';
import { HostActivity } from './host-activity.ts';
import { PlanList } from './plan-list.ts';
import { PlayHeading } from './play-heading.ts';
import { closingLine, recapTable, tripLines } from './recap.ts';
import { resultLines } from './result-text.ts';
import { RunProgress } from './run-progress.ts';
import type { Output, Screen } from './screen.ts';
import { SlowestTasks } from './slowest-tasks.ts';
import { taskLine } from './task-line.ts';
import { standingCounts, type TaskTally, withoutFailures } from './task-tally.ts';
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
  readonly #slowest = new SlowestTasks();
  readonly #activity = new HostActivity();
  readonly #heading: PlayHeading;
  #plan: PlanList | undefined;

  readonly #beforeRecap: () => void;

  /** @param beforeRecap prints what is to stand right above the recap */
  constructor(screen: Screen, stdout: Output, stderr: Output, choice: HumanChoice, beforeRecap: () => void) {
    this.#screen = screen;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#choice = choice;
    this.#beforeRecap = beforeRecap;
    this.#heading = new PlayHeading(stderr, (lines) => screen.progress(lines));
    if (choice.quiet) return;
    screen.running(
      () => this.#progress.running,
      (width) => this.#activity.lines(width),
    );
  }

  take(event: RunEvent): void {
    this.#progress.take(event);
    this.#timings.take(event);
    this.#slowest.take(event);
    this.#activity.take(event);
    if (needsHeading(event)) this.#heading.open();
    if (event.type === 'run-start' && event.check) this.#plan = new PlanList(this.#stdout, this.#choice.diff);
    if (event.type === 'play-start') this.#play(event.name, event.hosts);
    if (event.type !== 'recap') return;
    this.#heading.end();
    this.#beforeRecap();
    this.#recap(event);
  }

  #play(name: string, hosts: readonly string[]): void {
    if (this.#plan) this.#plan.play(name, hosts);
    else if (!this.#choice.quiet) this.#heading.begin(name, hosts);
  }

  #done(tally: TaskTally): void {
    const { paint, width } = this.#stdout;
    const { verbose } = this.#choice;
    if (this.#plan) this.#plan.task(tally);
    const diff = this.#choice.diff && !this.#plan;
    const results = resultLines(tally, { diff, verbose, width }, paint);
    if (!this.#plan && !this.#choice.quiet) this.#taskDone(tally, results.length > 0);
    this.#screen.result(results);
  }

  #taskDone(tally: TaskTally, shows: boolean): void {
    // What failed has had its own line at once.
    const rest = withoutFailures(tally);
    const { verbose } = this.#choice;
    if (shows || verbose || !isQuiet(tally)) this.#heading.open();
    if (rest.results.size === 0 || (skippedEverywhere(rest) && !verbose)) return;
    this.#heading.hold([taskLine(rest, this.#stderr.paint, this.#stderr.width)]);
  }

  #recap({ hosts, duration, exitCode }: Extract<RunEvent, { type: 'recap' }>): void {
    const { paint, width } = this.#stdout;
    const { verbose } = this.#choice;
    const trips = verbose ? tripLines(hosts, width).map((line) => paint('dim', line)) : [];
    const slowest = verbose ? this.#slowest.lines(width) : [];
    const times = [
      ...this.#timings.lines(width),
      ...(slowest.length > 0 ? ['', ...slowest.slice(0, -1)] : []),
    ];
    const lines = this.#plan
      ? [...this.#plan.lines(hosts), ...trips]
      : ['', ...recapTable(hosts, paint), '', ...trips, closingLine(hosts, duration, paint, exitCode)];
    this.#screen.result([...times, ...lines]);
  }
}

// What concerns no host of the play is only counted: a role for many cases would bury what happens under it.
function skippedEverywhere(tally: TaskTally): boolean {
  return [...standingCounts(tally).keys()].every((word) => word === 'skipped');
}

// Nothing came of it anywhere.
function isQuiet(tally: TaskTally): boolean {
  return [...standingCounts(tally).keys()].every((word) => word === 'ok' || word === 'skipped');
}

// What stands on the screen beside tasks belongs below the heading of its play.
function needsHeading(event: RunEvent): boolean {
  if (event.type === 'task-result') return event.status === 'failed';
  return event.type === 'host-failed' || event.type === 'rolled-back' || event.type === 'host-unreachable';
}
