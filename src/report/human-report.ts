import type { Doing } from '../runner/doing.ts';
import type { RunEvent, TaskResult } from '../runner/events.ts';
import { HostActivity } from './host-activity.ts';
import { PlanList } from './plan-list.ts';
import { PlayHeading } from './play-heading.ts';
import { closingLine, recapTable, tripLines } from './recap.ts';
import { resultLines } from './result-text.ts';
import { RunProgress } from './run-progress.ts';
import { RunningRows } from './running-rows.ts';
import type { Output, Screen } from './screen.ts';
import { SlowestTasks } from './slowest-tasks.ts';
import { taskLine } from './task-line.ts';
import { standingCounts, type TaskTally, without } from './task-tally.ts';
import { TimingsReport } from './timings-report.ts';
import { TotalProgress } from './total-progress.ts';

/** What a person wants to see of a run. */
export interface HumanChoice {
  readonly diff: boolean;
  readonly verbose: boolean;
  /** No progress: results, failures and the recap only. */
  readonly quiet: boolean;
  /** Rows about what is going on stand at the bottom of stderr, which is a terminal: a task has its line when all hosts are through it. */
  readonly live: boolean;
  /** Of long diffs in a plan only the beginning. */
  readonly brief?: boolean;
  /** The command that does what a plan shows. */
  readonly next?: string;
  /** How many tasks each play has, by its number, so that it can be shown how far the run is. */
  readonly plays?: ReadonlyMap<number, number>;
}

/** What such a report needs of others. */
export interface HumanMeans {
  /** Prints what is to stand right above the recap. */
  readonly beforeRecap: () => void;
  /** Makes of a text what a person may see of it. */
  readonly shown: (text: string) => string;
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
  readonly #total: TotalProgress;
  readonly #heading: PlayHeading;
  #plan: PlanList | undefined;

  readonly #means: HumanMeans;

  constructor(screen: Screen, stdout: Output, stderr: Output, choice: HumanChoice, means: HumanMeans) {
    this.#screen = screen;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#choice = choice;
    this.#means = means;
    this.#heading = new PlayHeading(stderr, (lines) => screen.progress(lines));
    this.#total = new TotalProgress(choice.plays ?? new Map());
    if (choice.quiet) return;
    const tallies = () => this.#progress.running;
    const rows = new RunningRows({
      total: this.#total,
      activity: this.#activity,
      tallies,
      shown: means.shown,
    });
    screen.running((width) => rows.rows(width));
  }

  take(event: RunEvent): void {
    this.#progress.take(event);
    this.#timings.take(event);
    this.#slowest.take(event);
    this.#activity.take(event);
    this.#total.take(event);
    if (needsHeading(event)) this.#heading.open();
    if (event.type === 'run-start' && event.check) this.#plan = new PlanList(this.#stdout, this.#choice);
    if (event.type === 'task-result') this.#result(event);
    if (event.type === 'play-start') this.#play(event);
    if (event.type !== 'recap') return;
    this.#heading.end();
    this.#means.beforeRecap();
    this.#recap(event);
  }

  /** Notes what a host is at, for whoever waits. */
  watch(host: string, doing: Doing): void {
    this.#activity.watch(host, doing);
  }

  #play({ play, name, hosts }: Extract<RunEvent, { type: 'play-start' }>): void {
    const { quiet, plays } = this.#choice;
    if (this.#plan) this.#plan.play(name, hosts);
    else if (!quiet) this.#heading.begin(name, hosts, plays?.has(play) ?? true);
  }

  // Whoever reads lines only is shown what is changed as it comes.
  #result(result: TaskResult): void {
    if (!this.#linesOnly || result.status !== 'changed') return;
    const name = result.item === undefined ? result.name : `${result.name} (${result.item})`;
    const alone = { ...result, name, results: new Map([[result.host, [result]]]) };
    this.#heading.open();
    this.#heading.hold([taskLine(alone, this.#stderr.paint, this.#stderr.width)]);
  }

  get #linesOnly(): boolean {
    return !this.#plan && !this.#choice.quiet && !this.#choice.live;
  }

  #done(tally: TaskTally): void {
    const { paint, width } = this.#stdout;
    const { verbose } = this.#choice;
    if (this.#plan) this.#plan.task(tally);
    const diff = this.#choice.diff && !this.#plan;
    const wrap = this.#stdout.stream.isTTY === true;
    const results = resultLines(tally, { diff, verbose, width, wrap }, paint);
    if (!this.#plan && !this.#choice.quiet) this.#taskDone(tally, results.length > 0);
    this.#screen.result(results);
  }

  #taskDone(tally: TaskTally, shows: boolean): void {
    // What failed has had its own line at once, and so has what was changed where there are only lines.
    const rest = without(tally, this.#linesOnly ? ['failed', 'ignored', 'changed'] : ['failed', 'ignored']);
    const { verbose } = this.#choice;
    if (verbose || !isQuiet(tally)) this.#heading.open();
    else if (shows) this.#heading.say();
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
