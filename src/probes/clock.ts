import type { Ask, ProbeKind } from './probe.ts';
import { ProbeError, probeFailure } from './probe-error.ts';
import { startTicks } from './start-ticks.ts';

/** One moment, by both of a host's clocks. */
export interface ClockAnswer {
  /** Seconds since 1970 as `date` counts them. */
  readonly now: number;
  /** The same in ticks of processes' start times: that clock is never set, and goes on in suspend. */
  readonly ticks: number;
  /** The same as people read it there: `Y|m|d|H|M|S|s|Z|z|A|w|W` in the words of `date`. */
  readonly calendar: string;
}

// The process that prints the time is the one whose start it prints: what lies between them is one exec.
const clockKind: ProbeKind<null, ClockAnswer> = {
  name: 'clock',
  program: () => `read -r provision_stat </proc/self/stat && printf '%s\\n' "$provision_stat"
exec date '+%s.%N|%Y|%m|%d|%H|%M|%S|%s|%Z|%z|%A|%w|%W'`,
  read(output, questions) {
    const [stat = '', now = ''] = output.stdout.split('\n');
    const ticks = startTicks(stat);
    const seconds = Number(/^\d{1,11}(?!\d)(\.\d+)?/.exec(now)?.[0]);
    const answer =
      probeFailure(output, 'the clock') ??
      (ticks === undefined || Number.isNaN(seconds)
        ? new ProbeError(`the host's answer about its clock has no time, but '${now.split('|', 1)}'`)
        : { now: seconds, ticks, calendar: now.slice(now.indexOf('|') + 1) });
    return questions.map(() => answer);
  },
};

/**
 * Asks what time it is on the host.
 * @param notBefore paths whose times are compared with it: an answer from before they were changed will not do
 */
export function clock(notBefore: readonly string[] = []): Ask<ClockAnswer> {
  return { kind: clockKind, question: notBefore, paths: notBefore };
}
