import type { Evaluator } from '../language/evaluate/evaluator.ts';
import type { HostMemory, HostValue } from '../language/evaluate/host-memory.ts';
import type { Task } from '../language/model.ts';
import type { TaskInstance } from '../planner/instance.ts';
import { Prediction } from '../planner/prediction.ts';
import type { HostRecap, Status } from './events.ts';
import type { HostSession } from './host-session.ts';
import { Answers } from './known-answers.ts';
import { Layers } from './layers.ts';
import type { ItemResult } from './outcome.ts';
import type { PlannedTurn } from './turn.ts';

/** Something of a task that is reported or done when its turn comes, after the changes before it. */
export type QueueEntry =
  | { readonly report: () => void }
  | { readonly apply: PlannedTurn; readonly capture?: (results: readonly ItemResult[]) => void }
  /** Takes back what was noted in advance, when a change before it fails. */
  | { readonly undo: () => void };

/** What a host sends in an exchange. */
export interface SentToken {
  /** Unguessable. */
  readonly token: string;
  /** When it was about to be sent, as performance.now() has it. */
  readonly since: number;
}

/** What one run knows and remembers of one host. */
export class ManagedHost {
  readonly name: string;
  readonly memory: HostMemory;
  readonly answers = new Answers();
  /** Names that coming tasks of the current play will set. */
  readonly awaited = new Map<string, HostValue>();
  /** Only in check mode. */
  readonly prediction: Prediction | undefined;
  /** Looked at for others' templates only (`--limit`): planned in silence, never changed. */
  readonly observed: boolean;
  /** Task instances that are behind this host. */
  readonly passed = new Set<string>();
  /** Changes that are decided and not yet made, and results that must be reported after them. */
  queue: QueueEntry[] = [];
  /** Handlers of the current play that were notified, and those that have run in it. */
  readonly notified = new Set<Task>();
  readonly handled = new Set<Task>();
  /** How often each handler has run. */
  readonly handlerRuns = new Map<Task, number>();
  /** Keys of handlers that earlier runs left on the host, and of those this run wrote down. */
  readonly remembered = new Set<string>();
  /** Something was changed on the host in this run. */
  changed = false;
  /** What was sent of exchanges before the host came to them, by the task instance's key. */
  readonly ahead = new Map<string, SentToken>();
  /** Users whose steps have changed files in the current play. */
  readonly touchedAs = new Set<string | undefined>();
  /** Where copies are kept of what steps replace in the current play. */
  readonly layers = new Layers();
  /** Names of layers that a killed run has left, and that still say what was before it. */
  readonly kept = new Set<string>();
  /** What ended plays have kept on the host and need no longer, by the user whose it is. */
  readonly #leftovers = new Map<string | undefined, string[]>();
  readonly #foreseen = new Map<string, ReadonlySet<Task>>();
  ended: 'failed' | 'unreachable' | undefined;
  evaluator: Evaluator | undefined;
  session: HostSession | undefined;
  /** The task that it has come to. */
  at: string | undefined;
  /** Its last play has ended as it should. */
  done = false;
  /** This run has the host: its lock is ours, unless nothing is changed. */
  opened = false;
  /** The user that keeps the host's state: lock, remembered handlers. */
  stateOwner: string | undefined;
  readonly #counts: Record<Status | 'rescued' | 'ignored', number> = {
    ok: 0,
    changed: 0,
    skipped: 0,
    failed: 0,
    unknown: 0,
    rescued: 0,
    ignored: 0,
  };
  #began: number | undefined;
  #last = 0;
  verifyExecs = 0;

  constructor(name: string, options: { readonly check: boolean; readonly observed: boolean }) {
    this.name = name;
    this.memory = { facts: new Map(), values: new Map() };
    this.prediction = options.check || options.observed ? new Prediction(this.answers.links) : undefined;
    this.observed = options.observed;
  }

  /** Starts or prolongs the time that the recap shows. */
  touch(): void {
    this.#last = performance.now();
    this.#began ??= this.#last;
  }

  /**
   * Gives the host a variable. If a queued change before it fails, that is taken back: the host never came so far.
   * @param queueing a change is queued next, with which the value goes
   */
  put(name: string, value: HostValue, queueing = false): void {
    const { queue } = this;
    const { values } = this.memory;
    const before = values.get(name);
    values.set(name, value);
    if (queue.length === 0 && !queueing) return;
    queue.push({
      undo: () => {
        if (values.get(name) !== value) return;
        if (before) values.set(name, before);
        else values.delete(name);
      },
    });
  }

  /** Notes handlers that a task has notified. */
  notify(handlers: readonly Task[]): void {
    for (const handler of handlers) {
      if (this.notified.has(handler)) continue;
      this.notified.add(handler);
      if (this.queue.length > 0) this.queue.push({ undo: () => this.notified.delete(handler) });
    }
  }

  /** Notes handlers that a queued task will notify: they may run in one program with it. */
  foresee({ key }: TaskInstance, handlers: readonly Task[]): void {
    this.#foreseen.set(key, new Set(handlers));
    this.notify(handlers);
  }

  /** The handlers that were notified before the task was made. */
  takeForeseen({ key }: TaskInstance): ReadonlySet<Task> | undefined {
    const foreseen = this.#foreseen.get(key);
    this.#foreseen.delete(key);
    return foreseen;
  }

  /** Takes over facts that a task has found anew. */
  learn(facts: Readonly<Record<string, unknown>> | undefined): void {
    for (const [name, value] of Object.entries(facts ?? {})) this.memory.facts.set(name, value);
  }

  /** Lets go of what only tasks need, when no more of them come; what others may read through hostvars stays. */
  release(): void {
    this.answers.forget(undefined);
    this.evaluator = undefined;
  }

  /** Lets the next program drop what a user's steps have kept; paths are below the state's directory. */
  leave(user: string | undefined, paths: readonly string[]): void {
    this.#leftovers.set(user, [...(this.#leftovers.get(user) ?? []), ...paths]);
  }

  /** What is to be dropped, by user; it is handed out once. */
  takeLeftovers(): readonly (readonly [user: string | undefined, paths: readonly string[]])[] {
    const all = [...this.#leftovers];
    this.#leftovers.clear();
    return all;
  }

  count(what: Status | 'rescued' | 'ignored', times = 1): void {
    this.#counts[what] += times;
  }

  get recap(): HostRecap {
    const { connections = 0, execs = 0 } = this.session?.counts ?? {};
    return {
      ...this.#counts,
      unreachable: this.ended === 'unreachable',
      duration: this.#began === undefined ? 0 : Math.round(this.#last - this.#began),
      connections,
      execs: execs - this.verifyExecs,
      verifyExecs: this.verifyExecs,
    };
  }
}
