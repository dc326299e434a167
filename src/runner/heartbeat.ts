import { beatInterval, beatScript } from './host-lock.ts';
import type { HostRun } from './host-run.ts';
import { statePrelude } from './host-state.ts';
import type { Pace } from './pace.ts';

/** Gives every host whose lock this run has a sign of life, again and again until it is ended. */
export class Heartbeat {
  readonly #hosts: readonly HostRun[];
  readonly #run: string;
  readonly #pace: Pace;
  readonly #timer: NodeJS.Timeout;

  /**
   * @param run name of the run, as the lock has it
   * @param interval seconds between two signs
   */
  constructor(hosts: Iterable<HostRun>, run: string, pace: Pace, interval = beatInterval) {
    this.#hosts = [...hosts];
    this.#run = run;
    this.#pace = pace;
    this.#timer = setInterval(() => void this.#beatAll(), interval * 1000);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #beatAll(): Promise<void> {
    for (const { opened, ended, observed, keeper, session } of this.#hosts) {
      if (!opened || ended === 'unreachable' || observed) continue;
      await this.#pace.step();
      const script = beatScript(this.#run);
      void session?.beat({ id: 'beat', script, stopOnFailure: false, become: keeper }, statePrelude);
    }
  }
}
