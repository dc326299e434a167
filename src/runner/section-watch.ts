import type { Doing } from './doing.ts';
import type { HostSection } from './host-section.ts';

// What a section of ours may say that it waits for; a word of the host's own is not believed.
const known: ReadonlyMap<string, string> = new Map([['lock', "another program's package lock"]]);

/** Follows the sections of one program for whoever watches the host. */
export class SectionWatch {
  readonly #sections: ReadonlyMap<string, HostSection>;
  readonly #watch: (doing: Doing) => void;

  constructor(sections: readonly HostSection[], watch: (doing: Doing) => void) {
    this.#sections = new Map(sections.map((section) => [section.id, section]));
    this.#watch = watch;
  }

  /** A section has begun. */
  begin(id: string): void {
    const step = this.#sections.get(id)?.step;
    if (step) this.#watch({ at: 'task', ...step });
  }

  /** The section that runs waits for something, or goes on. */
  wait(word: string): void {
    const until = known.get(word);
    this.#watch({ at: 'wait', kind: 'lock', ...(until !== undefined && { until }) });
  }

  /** The program waits for its place among those of all hosts, or has it. */
  readonly queue = (waits: boolean): void => {
    this.#watch({ at: 'wait', kind: 'fork', ...(waits && { until: 'a free fork' }) });
  };
}
