import type { Evaluator } from '../language/evaluate/evaluator.ts';
import type { ConditionValue, TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Play, Source, Task } from '../language/model.ts';
import type { TaskInstance } from '../planner/instance.ts';
import type { Answered, Question } from '../planner/question.ts';
import type { HostSession } from './host-session.ts';
import type { ManagedHost } from './managed-host.ts';
import type { ItemResult } from './outcome.ts';
import type { Board } from './play-board.ts';
import type { RunContext } from './run-context.ts';
import type { TaskFailure } from './task-failure.ts';
import type { EndedTurn, PlannedTurn } from './turn.ts';

/** Where a host stands: in which run, in which play, among which other hosts. */
export interface HostPlace {
  readonly context: RunContext;
  readonly host: ManagedHost;
  readonly play: Play;
  readonly board: Board;
  /** The host's own connection. */
  readonly session: HostSession;
  /** Evaluates the host's tasks. */
  readonly evaluator: Evaluator;
}

/** Evaluates conditions of a task with some more variables. */
export type Judge = (
  conditions: readonly Source[],
  instance: TaskInstance,
  added: ReadonlyMap<string, unknown>,
) => ConditionValue;

/** What a host is asked: what its tasks mean, and what is there. */
export interface HostAsks {
  /** What a task means for the host now. */
  evaluate(instance: TaskInstance): TaskEvaluation;
  /** What a task means now; waits until the values it needs are known. */
  evaluated(instance: TaskInstance): Promise<TaskEvaluation>;
  readonly judge: Judge;
  /** The host's answers, asked now if they are not known, may be stale, or `anew` wants it. */
  ask(questions: readonly Question[], anew: boolean): Promise<ReadonlyMap<string, Answered | undefined>>;
  /** What the host has answered, as it was before the queued changes. */
  known(questions: readonly Question[]): ReadonlyMap<string, Answered | undefined>;
}

/** What is done on a host: changes are queued, and made together in one round trip. */
export interface HostApplies {
  /** Something is put back, which is finished whatever else ends the play. */
  undoing: boolean;
  /** Whether a task is only planned. */
  checks(task: Task): boolean;
  /** Whether the first host runs a task for all. */
  once(task: Task): boolean;
  /** One round trip: makes the queued changes, reports what became of them, and asks ahead. */
  advance(asking?: readonly Question[]): Promise<void>;
  /** Makes some items of a task with what is queued before them, and asks what comes behind them. */
  applied(part: PlannedTurn, asking: readonly Question[]): Promise<readonly ItemResult[]>;
  /** Notifies the handlers of queued changes in advance, so that they can travel in one program with them. */
  foreseeHandlers(): Promise<void>;
  /** Whether a queued change will notify a handler: what it notifies may stand anywhere among the handlers. */
  readonly notifying: boolean;
}

/** What becomes known of a host's tasks. */
export interface HostEmits {
  /** Lets conditions overrule the outcomes, registers them, notifies, reports them in order; throws TaskFailure. */
  finish(turn: EndedTurn, results: readonly ItemResult[]): Promise<void>;
  /** Marks what a task would have set as unknowable before it is applied. */
  unknown(instance: TaskInstance, dependsOn: readonly string[]): void;
  /** Records that a task is behind the host: others may have waited for it. */
  pass(instance: TaskInstance): void;
  /** Gives a rescue what failed. */
  rescue(failure: TaskFailure): void;
}
