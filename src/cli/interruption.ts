/** What Ctrl-C, SIGTERM and SIGHUP mean to a run. */
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
  /** Leaves at once, with everything open. */
  readonly leave: () => void;
  readonly signals?: NodeJS.EventEmitter;
  /** Milliseconds, any origin. */
  readonly clock?: () => number;
}

// npm passes Ctrl-C on to a child that the terminal has already sent it to: two signals, one intention.
const echo = 300;
// Milliseconds in which a run that was cut off has to come to its end.
const grace = 3000;

/** Watches for SIGINT, SIGTERM and SIGHUP (the terminal was closed): the first stops the run gently, the second at once, a third leaves without goodbye. */
export function watchInterruption(options: InterruptionOptions): Interruption {
  const { say, leave, signals = process, clock = () => performance.now() } = options;
  const stop = new AbortController();
  const kill = new AbortController();
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const interrupted = (): void => {
    const now = clock();
    if (now - last < echo) return;
    last = now;
    if (!stop.signal.aborted) {
      say('interrupted: finishing the steps in flight; press Ctrl-C again to stop at once');
      stop.abort();
    } else if (!kill.signal.aborted) {
      say('stopping at once; what was in flight may be half done');
      kill.abort();
      timer = setTimeout(leave, grace);
      timer.unref();
    } else leave();
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) signals.on(name, interrupted);
  return {
    stop: stop.signal,
    kill: kill.signal,
    end: () => {
      clearTimeout(timer);
      for (const name of names) signals.off(name, interrupted);
    },
  };
}
