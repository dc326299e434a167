/** Of the kernel's own, on every processor that systems are made for today (USER_HZ, `getconf CLK_TCK`). */
export const ticksPerSecond = 100;

/** When a process began, in ticks, from its line in /proc/PID/stat; its name may hold spaces and parentheses. */
export function startTicks(stat: string): number | undefined {
  const ticks = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19];
  return ticks !== undefined && /^\d{1,15}$/.test(ticks) ? Number(ticks) : undefined;
}
