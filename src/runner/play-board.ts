import type { HostValue } from '../language/evaluate/host-memory.ts';
import type { Watch } from './doing.ts';
import { Gathering } from './gathering.ts';
import { Halted } from './task-failure.ts';
import type { TimeKeeping } from './time-keeping.ts';

// Of who says nothing more precise.
const everything = 'everything';

interface Waiter {
  readonly ready: () => boolean;
  /** Whether it is worth looking again. */
  readonly hope: () => boolean;
  readonly resolve: (ready: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** What came of a run_once task: what it set, or why it failed. */
export type OnceResult = { readonly values: ReadonlyMap<string, HostValue> } | { readonly failed: string };

/** What can be waited for: only who waits for it is woken. */
export const topics = {
  /** Values that tasks of a host set. */
  values: (host: string) => `values ${host}`,
  /** What run_once tasks set, and who runs them. */
  once: 'once',
  gathering: (key: string) => `gathering ${key}`,
};

// What a host waits for, as a person reads it.
function waitText(topic: string): string {
  const [kind, host] = topic.split(' ');
  if (kind === 'values') return `a value of ${host}`;
  return kind === topics.once ? 'the host that does it for all' : 'the other hosts';
}

/** Who is given how hosts wait for each other. */
export interface BoardNotes {
  readonly times?: TimeKeeping;
  readonly watch?: Watch;
}

/** Where the hosts of one play meet: the seam at which a play could be cut into parts that run elsewhere. */
export interface Board {
  readonly active: ReadonlySet<string>;
  /** The host that runs what is to be run once. */
  readonly first: string | undefined;
  readonly halted: boolean;
  /** `meta: end_play` was met. */
  ended: boolean;
  /** What run_once tasks set, for the hosts that did not run them. */
  readonly once: Map<string, OnceResult>;
  /** Throws when nothing new may be begun. */
  check(): void;
  /**
   * Throws when a host may not even plan a task any more. After a failure that ends the play the others still do, without
   * changing anything, until that task is behind them: what fails on several hosts is reported of each.
   * @param passed keys of the tasks behind the host
   */
  checkPlanning(passed: ReadonlySet<string>): void;
  /**
   * Takes a host off the board; a failure may end the play for all.
   * @param task key of the task that failed, if it was a task
   */
  leave(host: string, failed: boolean, task?: string): void;
  /** Notes that a task is behind a host, and that it has set values if it has. */
  pass(host: string, key: string, sets: boolean): void;
  /** @param mayCome whether a host of the play may still come to the task */
  gathering<Brought>(key: string, mayCome: (host: string) => boolean): Gathering<Brought>;
  /**
   * Waits until the condition holds; false when every host waits, so that it never will.
   * @param hope a cheap test of a condition that takes long: where it is true the host is woken, and tests it by itself
   */
  wait(host: string, ready: () => boolean, topic?: string, hope?: () => boolean): Promise<boolean>;
  /** Lets the hosts that wait for this look again; all of them without a topic. */
  poke(topic?: string): void;
}

/** The board of a play whose hosts are all in this process: who is still going, who waits for whom, what ends the play. */
export class PlayBoard implements Board {
  readonly #active: Set<string>;
  /** Those of them that are not only looked at. */
  readonly #acting: Set<string>;
  readonly #waiters = new Map<string, Map<string, Waiter>>();
  readonly #notes: BoardNotes;
  #waiting = 0;
  #first: string | undefined;
  /** What run_once tasks set, for the hosts that did not run them. */
  readonly once = new Map<string, OnceResult>();
  readonly #gatherings = new Map<string, Gathering<unknown>>();
  /** `meta: end_play` was met. */
  ended = false;
  readonly #total: number;
  readonly #failureLimit: number;
  readonly #stop: AbortSignal;
  readonly #onStop = () => this.halt();
  #failures = 0;
  #halted = false;
  /** Keys of tasks whose failure ended the play. */
  readonly #last: string[] = [];

  /**
   * @param failureLimit percentage of failed hosts above which the play ends for all; 0 ends it at the first
   * @param observed those of the hosts that are only looked at
   */
  constructor(
    hosts: Iterable<string>,
    failureLimit: number | undefined,
    stop: AbortSignal,
    observed: ReadonlySet<string> = new Set(),
    notes: BoardNotes = {},
  ) {
    this.#notes = notes;
    this.#active = new Set(hosts);
    this.#acting = new Set([...this.#active].filter((host) => !observed.has(host)));
    this.#total = this.#active.size - observed.size;
    this.#failureLimit = failureLimit ?? Number.POSITIVE_INFINITY;
    this.#stop = stop;
  }

  get active(): ReadonlySet<string> {
    return this.#active;
  }

  /** The host that runs what is to be run once. */
  get first(): string | undefined {
    if (this.#first !== undefined && this.#active.has(this.#first)) return this.#first;
    const [first] = this.#acting.size > 0 ? this.#acting : this.#active;
    this.#first = first;
    return first;
  }

  get halted(): boolean {
    return this.#halted || this.#last.length > 0 || this.#stop.aborted;
  }

  /** Where hosts lay down what they bring to a task that all do together. */
  gathering<Brought>(key: string, mayCome: (host: string) => boolean): Gathering<Brought> {
    const gathering = this.#gatherings.get(key) ?? new Gathering<unknown>([...this.#active].filter(mayCome));
    this.#gatherings.set(key, gathering);
    return gathering as Gathering<Brought>;
  }

  /** Notes that a task is behind a host. */
  pass(host: string, key: string, sets: boolean): void {
    const gathering = this.#gatherings.get(key);
    if (gathering) this.#miss(gathering, key, host);
    if (sets) this.poke(topics.values(host));
  }

  #miss(gathering: Gathering<unknown>, key: string, host: string): void {
    gathering.miss(host);
    if (gathering.complete) this.poke(topics.gathering(key));
  }

  /** Throws when nothing new may be begun. */
  check(): void {
    if (this.halted) throw new Halted();
  }

  /** Throws when a host may not even plan a task any more. */
  checkPlanning(passed: ReadonlySet<string>): void {
    const over = this.#halted || this.#stop.aborted || this.#last.some((task) => passed.has(task));
    if (over) throw new Halted();
  }

  /** Begins nothing new on any host of the play. */
  halt(): void {
    this.#halted = true;
    this.#endWaits();
  }

  #endWaits(): void {
    for (const { reject } of this.#takeAll()) reject(new Halted());
  }

  /** Takes a host off the board; a failure may end the play for all. */
  leave(host: string, failed: boolean, task?: string): void {
    const wasFirst = host === this.first;
    this.#active.delete(host);
    this.#acting.delete(host);
    if (failed) this.#failures++;
    if (failed && (this.#failures / this.#total) * 100 > this.#failureLimit) {
      if (task === undefined) this.#halted = true;
      else this.#last.push(task);
      this.#endWaits();
      return;
    }
    for (const [key, gathering] of this.#gatherings) this.#miss(gathering, key, host);
    if (wasFirst) this.poke(topics.once);
    this.poke(topics.values(host));
    this.poke(everything);
  }

  /** Waits until the condition holds; false when every host waits, so that it never will. */
  async wait(host: string, ready: () => boolean, topic = everything, hope = ready): Promise<boolean> {
    this.check();
    if (ready()) return true;
    const others = new Promise<boolean>((resolve, reject) => {
      const same = this.#waiters.get(topic) ?? new Map<string, Waiter>();
      this.#waiters.set(topic, same.set(host, { ready, hope, resolve, reject }));
      if (this.#waiting++ === 0) this.#stop.addEventListener('abort', this.#onStop);
      this.#endIfStuck();
    });
    const { times, watch } = this.#notes;
    watch?.(host, { at: 'wait', kind: 'hosts', until: waitText(topic) });
    try {
      return await (times?.waiting(host, others) ?? others);
    } finally {
      watch?.(host, { at: 'wait', kind: 'hosts' });
    }
  }

  /** Lets the hosts that wait for this look again: something has changed. */
  poke(topic?: string): void {
    for (const one of topic === undefined ? [...this.#waiters.keys()] : [topic]) {
      this.#wake(one, ({ hope }) => hope());
    }
    this.#endIfStuck();
  }

  #wake(topic: string, wanted: (waiter: Waiter) => boolean): boolean {
    const same = this.#waiters.get(topic);
    if (!same) return false;
    const woken = [...same].filter(([, waiter]) => wanted(waiter));
    for (const [host, { resolve }] of woken) {
      same.delete(host);
      resolve(true);
    }
    if (same.size === 0) this.#waiters.delete(topic);
    this.#waiting -= woken.length;
    this.#listenNoMore();
    return woken.length > 0;
  }

  // A listener for as long as somebody waits: a run has very many boards.
  #listenNoMore(): void {
    if (this.#waiting === 0) this.#stop.removeEventListener('abort', this.#onStop);
  }

  // When all hosts wait nobody will do what any of them waits for.
  #endIfStuck(): void {
    if (this.#waiting === 0 || this.#waiting < this.#active.size) return;
    const woken = [...this.#waiters.keys()].map((topic) => this.#wake(topic, ({ ready }) => ready()));
    if (woken.includes(true)) return;
    for (const { resolve } of this.#takeAll()) resolve(false);
  }

  #takeAll(): readonly Waiter[] {
    const all = [...this.#waiters.values()].flatMap((same) => [...same.values()]);
    this.#waiters.clear();
    this.#waiting = 0;
    this.#listenNoMore();
    return all;
  }
}
