import { beatInterval, beatScript } from './host-lock.ts';
import type { ManagedHost } from './managed-host.ts';
import type { Pace } from './pace.ts';
import { statePrelude } from './state-directories.ts';

/** Gives every host whose lock this run has a sign of life, again and again until it is ended. */
export class Heartbeat {
  readonly #hosts: ReadonlyMap<string, ManagedHost>;
  readonly #run: string;
  readonly #pace: Pace;
  readonly #timer: NodeJS.Timeout;

  /**
   * @param hosts those that join later too
   * @param run name of the run, as the lock has it
   * @param interval seconds between two signs
   */
  constructor(hosts: ReadonlyMap<string, ManagedHost>, run: string, pace: Pace, interval = beatInterval) {
    this.#hosts = hosts;
    this.#run = run;
    this.#pace = pace;
    this.#timer = setInterval(() => void this.#beatAll(), interval * 1000);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #beatAll(): Promise<void> {
    for (const { opened, ended, observed, stateOwner, session } of this.#hosts.values()) {
      if (!opened || ended === 'unreachable' || observed) continue;
      await this.#pace.step();
      const script = beatScript(this.#run);
      void session?.beat({ id: 'beat', script, stopOnFailure: false, become: stateOwner }, statePrelude);
    }
  }
}
