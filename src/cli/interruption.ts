import { timeOver } from '../runner/request.ts';

/** What Ctrl-C, SIGTERM, SIGHUP and the end of the run's time mean to a run. */
export interface Interruption {
  /** Aborted at the first: begin nothing new. */
  readonly stop: AbortSignal;
  /** Aborted at the second: cut everything off. */
  readonly kill: AbortSignal;
  /** Gives the signals back to whoever had them. */
  end(): void;
}

/** How signals come and what happens when waiting is over. */
export interface InterruptionOptions {
  /** Shows the person at the terminal what the signal does. */
  readonly say: (line: string) => void;
  /** What is said at the first signal, where that does not end the work by itself. */
  readonly first?: string;
  /** Leaves at once, with everything open. */
  readonly leave: (exitCode: number) => void;
  /** Seconds that the run may take; undefined is no limit. */
  readonly limit?: number | undefined;
  readonly signals?: NodeJS.EventEmitter;
  /** Milliseconds, any origin. */
  readonly clock?: () => number;
}

/** Why a run was interrupted whose terminal is no more. */
export const terminalClosed = 'terminal closed';

const gently = 'interrupted: finishing the steps in flight; press Ctrl-C again to stop at once';
// npm passes Ctrl-C on to a child that the terminal has already sent it to: two signals, one intention.
const echo = 300;
// Milliseconds in which a run that was cut off has to come to its end.
const grace = 3000;
// Seconds that steps in flight have when the time of the run is over.
const lastSeconds = 10;

/**
 * Watches for SIGINT, SIGTERM and SIGHUP (the terminal was closed): the first stops the run gently, the second at once, a third
 * leaves without goodbye. The end of the run's time stops it gently, and at once some seconds later.
 */
export function watchInterruption(options: InterruptionOptions): Interruption {
  const { say, leave, limit, first = gently, signals = process, clock = () => performance.now() } = options;
  const stop = new AbortController();
  const kill = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const later = (milliseconds: number, work: () => void): void => {
    timers.push(setTimeout(work, milliseconds).unref());
  };
  const leaveNow = (): void => leave(stop.signal.reason === timeOver ? 124 : 130);
  const cutOff = (why: string): void => {
    if (kill.signal.aborted) return;
    say(`${why}; what was in flight may be half done`);
    kill.abort();
    later(grace, leaveNow);
  };
  const interrupted = (signal?: unknown): void => {
    const now = clock();
    if (now - last < echo) return;
    last = now;
    if (!stop.signal.aborted) {
      say(first);
      stop.abort(signal === 'SIGHUP' ? terminalClosed : undefined);
    } else if (!kill.signal.aborted) cutOff('stopping at once');
    else leaveNow();
  };
  const expired = (): void => {
    if (!stop.signal.aborted) {
      say(
        `the ${limit} s of this run (--timeout) are over: finishing the steps in flight, for ${lastSeconds} s at most`,
      );
      stop.abort(timeOver);
    }
    later(lastSeconds * 1000, () => cutOff(`still not at an end ${lastSeconds} s later: stopping at once`));
  };
  if (limit !== undefined) later(limit * 1000, expired);
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) signals.on(name, interrupted);
  return {
    stop: stop.signal,
    kill: kill.signal,
    end: () => {
      for (const timer of timers) clearTimeout(timer);
      for (const name of names) signals.off(name, interrupted);
    },
  };
}
