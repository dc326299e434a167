import type { Answer } from '../../../../probes/answer.ts';
import { unitName } from '../../../../resources/units/unit-state.ts';
import { quote } from '../../../../shell/quote.ts';

/**
 * sh code that prints `now`, and `age`: for how many ticks of `hertz` the unit's main process has been running.
 * Both come from processes' start times, one from that of a process that is started for it: that clock is never set,
 * goes on in suspend, and unlike /proc/uptime is the same inside a container.
 */
export function printStart(service: string): string {
  return `provision_ticks() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
pid=$(systemctl show -p MainPID -- ${quote(unitName(service))} | sed 's/^MainPID=//')
printf 'pid %s\\nhertz %s\\n' "$pid" "$(getconf CLK_TCK 2>/dev/null || echo 100)"
begun=$(provision_ticks "\${pid:-0}") current=$(provision_ticks self)
now=$(date +%s.%N)
printf 'now %s\\n' "$now"
[ -z "$begun" ] || printf 'age %s\\n' "$((current - begun))"`;
}

/** When the main process began, in seconds as `date` counts them now; undefined when there is none. */
export function readStart(answer: Answer): number | undefined {
  const age = answer.get('age');
  if (age === undefined) return undefined;
  const hertz = Number(answer.need('hertz'));
  // Times are known to a tick: what was changed within it before the start must not count as missed.
  return Number(answer.need('now')) - (Number(age) - 1) / hertz;
}
