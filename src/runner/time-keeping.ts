import type { RunEvent, TimeSpent } from './events.ts';

/** Notes where the time of a run goes, for `--timings`. */
export class TimeKeeping {
  readonly #emit: (event: RunEvent) => void;
  readonly #start: number;

  /** @param start of the run, as performance.now() gives it */
  constructor(emit: (event: RunEvent) => void, start: number) {
    this.#emit = emit;
    this.#start = start;
  }

  /** Notes that something ended, now or at another moment, that began then. */
  note(
    host: string | undefined,
    spent: TimeSpent['spent'],
    began: number,
    {
      until = performance.now(),
      sections,
    }: { readonly until?: number; readonly sections?: TimeSpent['sections'] } = {},
  ): void {
    const event = {
      type: 'time',
      ...(host !== undefined && { host }),
      spent,
      began: Math.round(began - this.#start),
      duration: Math.round(until - began),
      ...(sections && { sections }),
    } as const;
    // Less than a millisecond of waiting is no waiting.
    if (spent !== 'wait' || event.duration > 0) this.#emit(event);
  }

  /** Waits for other hosts, and notes for how long. */
  async waiting<T>(host: string, work: Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work;
    } finally {
      this.note(host, 'wait', began);
    }
  }
}

/** How long each section of a program took: from the end of the one before it to its own. */
export class SectionTimes {
  readonly #labels: ReadonlyMap<string, string>;
  readonly #times: { label: string; duration: number }[] = [];
  #last = performance.now();

  constructor(sections: readonly { readonly id: string; readonly label?: string }[]) {
    this.#labels = new Map(sections.map(({ id, label }) => [id, label ?? id]));
  }

  ended(id: string): void {
    const now = performance.now();
    this.#times.push({ label: this.#labels.get(id) ?? id, duration: Math.round(now - this.#last) });
    this.#last = now;
  }

  get all(): TimeSpent['sections'] {
    return this.#times;
  }
}
