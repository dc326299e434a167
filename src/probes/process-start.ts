import type { ClockAnswer } from './clock.ts';
import { ticksPerSecond } from './start-ticks.ts';

/**
 * When a process began, in seconds as `date` counts them now.
 * It is compared with the start of a process of the same host, not with /proc/uptime: that clock is never set, goes on
 * in suspend, and unlike /proc/uptime is the same inside a container.
 * @param began in ticks
 */
export function startedAt(began: number, { now, ticks }: ClockAnswer): number {
  // Times are known to a tick: what was changed within it before the start must not count as missed.
  return now - (ticks - began - 1) / ticksPerSecond;
}
