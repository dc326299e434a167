import type { HostValue } from '../language/evaluation.ts';
import { Halted } from './task-run.ts';

interface Waiter {
  readonly ready: () => boolean;
  readonly resolve: (ready: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** What came of a run_once task: what it set, or why it failed. */
export type OnceResult = { readonly values: ReadonlyMap<string, HostValue> } | { readonly failed: string };

/** Where the hosts of one play meet: who is still going, who waits for whom, what ends the play. */
export class PlayBoard {
  readonly #active: Set<string>;
  readonly #waiters = new Map<string, Waiter>();
  /** What run_once tasks set, for the hosts that did not run them. */
  readonly once = new Map<string, OnceResult>();
  readonly #gatherings = new Map<string, Map<string, unknown>>();
  /** `meta: end_play` was met. */
  ended = false;
  readonly #observed: ReadonlySet<string>;
  readonly #total: number;
  readonly #failureLimit: number;
  #failures = 0;
  #halted = false;

  /**
   * @param failureLimit percentage of failed hosts above which the play ends for all; 0 ends it at the first
   * @param observed those of the hosts that are only looked at
   */
  constructor(
    hosts: Iterable<string>,
    failureLimit: number | undefined,
    stop: AbortSignal,
    observed: ReadonlySet<string> = new Set(),
  ) {
    this.#active = new Set(hosts);
    this.#observed = observed;
    this.#total = this.#active.size - observed.size;
    this.#failureLimit = failureLimit ?? Number.POSITIVE_INFINITY;
    stop.addEventListener('abort', () => this.halt(), { once: true });
    if (stop.aborted) this.#halted = true;
  }

  get active(): ReadonlySet<string> {
    return this.#active;
  }

  /** The host that runs what is to be run once. */
  get first(): string | undefined {
    const [first] = this.#active;
    return [...this.#active].find((host) => !this.#observed.has(host)) ?? first;
  }

  get halted(): boolean {
    return this.#halted;
  }

  /** Where hosts lay down what they bring to a task that all do together. */
  gathering<T>(key: string): Map<string, T> {
    const gathered = this.#gatherings.get(key) ?? new Map<string, unknown>();
    this.#gatherings.set(key, gathered);
    return gathered as Map<string, T>;
  }

  /** Throws when nothing new may be begun. */
  check(): void {
    if (this.#halted) throw new Halted();
  }

  /** Begins nothing new on any host of the play. */
  halt(): void {
    this.#halted = true;
    for (const { reject } of this.#waiters.values()) reject(new Halted());
    this.#waiters.clear();
  }

  /** Takes a host off the board; a failure may end the play for all. */
  leave(host: string, failed: boolean): void {
    this.#active.delete(host);
    if (failed) this.#failures++;
    if (failed && (this.#failures / this.#total) * 100 > this.#failureLimit) this.halt();
    else this.poke();
  }

  /** Waits until the condition holds; false when every host waits, so that it never will. */
  async wait(host: string, ready: () => boolean): Promise<boolean> {
    this.check();
    if (ready()) return true;
    return await new Promise<boolean>((resolve, reject) => {
      this.#waiters.set(host, { ready, resolve, reject });
      this.poke();
    });
  }

  /** Lets the waiting hosts look again: something has changed. */
  poke(): void {
    let woken = false;
    for (const [host, waiter] of [...this.#waiters]) {
      if (!waiter.ready()) continue;
      woken = true;
      this.#waiters.delete(host);
      waiter.resolve(true);
    }
    if (woken || this.#waiters.size === 0 || this.#waiters.size < this.#active.size) return;
    for (const { resolve } of this.#waiters.values()) resolve(false);
    this.#waiters.clear();
  }
}
