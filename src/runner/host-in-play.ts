import { verdict } from '../language/evaluate/condition.ts';
import type { Evaluator } from '../language/evaluate/evaluator.ts';
import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Play, Source, Task } from '../language/model.ts';
import { askedOnce } from '../planner/asked.ts';
import type { TaskInstance } from '../planner/instance.ts';
import { namesSetBy } from '../planner/look-ahead.ts';
import { pathSet } from '../planner/path-index.ts';
import type { Answered, Question } from '../planner/question.ts';
import { type Advanced, advance, alteredPaths } from './advance.ts';
import { appliedResults } from './applying.ts';
import { dropForeign, leftoverSections } from './closing.ts';
import { comingQuestions } from './coming-questions.ts';
import { hiddenValues } from './hidden-values.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace, Judge } from './host-ports.ts';
import type { HostSession } from './host-session.ts';
import { withLateArguments } from './late-arguments.ts';
import type { ManagedHost, QueueEntry } from './managed-host.ts';
import { comingHandlers } from './notification.ts';
import type { ItemResult } from './outcome.ts';
import { type Board, topics } from './play-board.ts';
import { rememberingSections } from './remembering.ts';
import { stepsPrelude } from './rollback.ts';
import type { RunContext } from './run-context.ts';
import { statePrelude } from './state-directories.ts';
import type { TaskFailure } from './task-failure.ts';
import { finishTask } from './task-finishing.ts';
import type { EndedTurn, PlannedTurn } from './turn.ts';

/** One host in one play: evaluates, asks, collects changes, applies them, remembers what came of it. */
export class HostInPlay implements HostPlace, HostAsks, HostApplies, HostEmits {
  readonly context: RunContext;
  readonly host: ManagedHost;
  readonly play: Play;
  readonly board: Board;
  /** A rollback is finished whatever else ends the play. */
  undoing = false;

  constructor(context: RunContext, host: ManagedHost, play: Play, board: Board) {
    this.context = context;
    this.host = host;
    this.play = play;
    this.board = board;
  }

  /** Whether a task is only planned. */
  checks(task: Task): boolean {
    const own = task.checkModeText ? this.#flag(task.checkModeText, task) : task.checkMode;
    return this.host.observed || (own ?? this.context.request.check);
  }

  /** Whether the first host runs a task for all. */
  once(task: Task): boolean {
    return task.runOnceText ? this.#flag(task.runOnceText, task) === true : task.runOnce;
  }

  // What cannot be evaluated is reported with the task itself.
  #flag(source: Source, task: Task): boolean | undefined {
    const place = { host: this.host.name, play: this.play, added: new Map() };
    const found = this.evaluator.value(source, task, place);
    return found.kind === 'value' ? verdict(found.value) : undefined;
  }

  /** What a task means now; waits until the values it needs are known. */
  async evaluated(instance: TaskInstance): Promise<TaskEvaluation> {
    for (;;) {
      const evaluation = this.evaluate(instance);
      if (evaluation.kind !== 'waits') return evaluation;
      if (this.host.queue.length > 0) await this.advance();
      else {
        const { host, variable } = evaluation;
        const known = () => this.evaluate(instance).kind !== 'waits';
        // Thousands may wait for one value: each evaluates its own task when it has been woken, not while it is asked.
        const hope = () => variable === undefined || !this.context.memories.pends(host, variable);
        if (!(await this.board.wait(this.host.name, known, topics.values(host), hope))) return evaluation;
        await this.context.pace.step();
      }
    }
  }

  /** The host's answers, asked now if they are not known, may be stale, or `anew` wants it. */
  async ask(
    questions: readonly Question[],
    anew: boolean,
  ): Promise<ReadonlyMap<string, Answered | undefined>> {
    const { answers } = this.host;
    const asked = askedOnce(questions);
    const altered = alteredPaths(this.#queuedRuns);
    const alike = (paths: readonly string[]) => answers.links.alike(paths);
    const index = altered && pathSet(alike(altered));
    // Also by what it alters itself: a change that reaches further than its questions must not overtake one before it.
    const touched = [...asked, ...questions];
    const stale = asked.length > 0 && touched.some(({ paths }) => !index || index.overlapping(alike(paths)));
    if (anew) answers.drop(questions);
    if (stale || answers.unknown(questions).length > 0) await this.advance(questions);
    return this.known(questions);
  }

  /** What the host has answered, as it was before the queued changes. */
  known(questions: readonly Question[]): ReadonlyMap<string, Answered | undefined> {
    const { answers } = this.host;
    return new Map(questions.map((question) => [question.key, answers.get(question)]));
  }

  /** Asks all that can be asked now, before the first task: no host waits for another's play to begin looking. */
  async lookAhead(): Promise<void> {
    await this.#roundTrip([], []);
  }

  /** One round trip: makes the collected changes, reports what became of them, and asks ahead. */
  async advance(asking: readonly Question[] = []): Promise<void> {
    const { host } = this;
    const { queue } = host;
    const runs = this.#queuedRuns;
    if (!this.undoing && runs.length > 0) this.board.check();
    host.queue = [];
    const sends = runs.length > 0 || asking.length > 0;
    await this.#settleQueue(queue, sends ? await this.#roundTrip(runs, asking) : undefined);
  }

  /** Makes some items of a task with what is queued before them, and asks what comes behind them. */
  async applied(part: PlannedTurn, asking: readonly Question[]): Promise<readonly ItemResult[]> {
    let results: readonly ItemResult[] = [];
    this.host.queue.push({
      apply: part,
      capture: (captured) => {
        results = captured;
      },
    });
    await this.advance(asking);
    return results;
  }

  /**
   * Notifies the handlers of queued changes in advance, so that they can travel in one program with them; what decides
   * over a change itself (`changed_when`) must be known first.
   */
  async foreseeHandlers(): Promise<void> {
    const runs = this.#queuedRuns;
    if (runs.some(({ instance }) => instance.task.changedWhen !== undefined)) return await this.advance();
    for (const run of runs) this.host.foresee(run.instance, comingHandlers(this, [run]));
  }

  /** Whether a queued handler will notify another, which may stand anywhere among them; what tasks notify is foreseen. */
  get notifying(): boolean {
    const handlers = this.#queuedRuns.filter(({ instance }) => instance.handler);
    return comingHandlers(this, handlers).length > 0;
  }

  async #roundTrip(runs: readonly PlannedTurn[], asking: readonly Question[]): Promise<Advanced> {
    const { host, context } = this;
    if (runs.length > 0) host.answers.forget(alteredPaths(runs));
    const coming = this.undoing ? [] : comingQuestions(this, runs);
    const asked = host.answers.unknown([...asking, ...coming]);
    if (runs.length > 0 && host.kept.size > 0) dropForeign(this);
    // What is changed now keeps copies of its own: only without changes may the directories go.
    const leftovers = leftoverSections(host, runs.length === 0);
    const prelude =
      runs.length > 0 ? stepsPrelude(host.layers.current) : leftovers.length > 0 ? statePrelude : undefined;
    const style = { ...(prelude !== undefined && { prelude }), ...(this.undoing && { readOnly: false }) };
    for (const { ready } of runs) host.touchedAs.add(ready.become);
    if (runs.length > 0) {
      host.changed = true;
      host.layers.use();
    }
    host.touch();
    const work = { before: [...leftovers, ...rememberingSections(this, runs)], runs, asked };
    const advanced = await advance(context, { name: host.name, session: this.session }, work, style);
    host.touch();
    // Who cannot be become yet is asked as again when it matters: a coming task may make the user.
    const needed = new Set(askedOnce(asking).map(({ id }) => id));
    for (const { asked: one, given } of advanced.answers) {
      if (!('refused' in given) || given.ended || needed.has(one.id)) host.answers.put(one, given);
    }
    return advanced;
  }

  finish(turn: EndedTurn, results: readonly ItemResult[]): Promise<void> {
    return finishTask(this, turn, results);
  }

  /** Marks what a task would have set as unknowable before it is applied. */
  unknown(instance: TaskInstance, dependsOn: readonly string[]): void {
    const { task } = instance;
    for (const name of namesSetBy(task)) this.host.put(name, { kind: 'unknown', dependsOn });
    // Whoever it would have been given to.
    if (task.delegateFacts)
      for (const { memory } of this.context.hosts.values())
        for (const name of namesSetBy(task)) memory.values.set(name, { kind: 'unknown', dependsOn });
    if (task.resource === 'add_host' || task.resource === 'group_by')
      this.context.growing.cannotTell(task.name ?? task.resource);
  }

  /** Records that a task is behind the host: others may have waited for it. */
  pass(instance: TaskInstance): void {
    this.host.passed.add(instance.key);
    const names = namesSetBy(instance.task);
    for (const name of names) this.host.awaited.delete(name);
    this.board.pass(this.host.name, instance.key, names.length > 0);
  }

  /** Lets a rescue know what failed. */
  rescue(failure: TaskFailure): void {
    this.host.count('rescued');
    const { task } = failure.instance;
    const failed = { name: failure.taskName, action: task.resource };
    this.host.put('ansible_failed_task', { kind: 'value', value: failed });
    this.host.put('ansible_failed_result', { kind: 'value', value: failure.result });
  }

  get #queuedRuns(): readonly PlannedTurn[] {
    return this.host.queue.flatMap((entry) => ('apply' in entry ? [entry.apply] : []));
  }

  /** The host's own connection. */
  get session(): HostSession {
    if (!this.host.session) throw new Error(`${this.host.name} has no connection`);
    return this.host.session;
  }

  /** Evaluates the host's tasks. */
  get evaluator(): Evaluator {
    if (!this.host.evaluator) throw new Error(`${this.host.name} has no evaluator`);
    return this.host.evaluator;
  }

  /** Evaluates conditions of a task with some more variables. */
  readonly judge: Judge = (conditions, { task, play, added }, more) => {
    const context = { host: this.host.name, play, added: new Map([...added, ...more]) };
    return this.evaluator.condition(conditions, task, context);
  };

  /** What a task means for the host now. */
  evaluate(instance: TaskInstance): TaskEvaluation {
    const { task, play, added } = instance;
    const evaluation = this.evaluator.evaluate(task, { host: this.host.name, play, added });
    const { playbook, hide } = this.context.request;
    if (task.noLog) hide(hiddenValues(task, evaluation, (text) => playbook.inventory.hosts.has(text)));
    return withLateArguments(evaluation, this.context.resources.get(task.resource));
  }

  async #settleQueue(queue: readonly QueueEntry[], advanced: Advanced | undefined): Promise<void> {
    let n = 0;
    for (const [place, entry] of queue.entries()) {
      if ('report' in entry) entry.report();
      if (!('apply' in entry)) continue;
      try {
        const results = await appliedResults(this, entry.apply, advanced, n++);
        if (entry.capture) entry.capture(results);
        else await this.finish(entry.apply, results);
      } catch (error) {
        for (const later of queue.slice(place + 1).reverse()) if ('undo' in later) later.undo();
        throw error;
      }
    }
  }
}
