// Preloaded into provision (node --import): writes what the process used to the file $BENCH_PROBE when it ends.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 10; // milliseconds; a loop that is never late shows this much
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
// The delay also counts the time in which other processes had the processor. This is what the main thread itself has used
// of it between two looks at its timers: the pauses of provision's own making.
let used = process.threadCpuUsage();
let stretch = 0;
const look = () => {
  const { user, system } = process.threadCpuUsage();
  stretch = Math.max(stretch, (user + system - used.user - used.system) / 1000);
  used = { user, system };
};
setInterval(look, resolution).unref();
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  look();
  const whole = {
    time: (userCPUTime + systemCPUTime) / 1000,
    megabytes: maxRSS / 1024,
    lag: delay.percentile(99) / 1e6 - resolution,
    longest: delay.max / 1e6 - resolution,
    stretch,
  };
  writeFileSync(process.env.BENCH_PROBE ?? '/dev/stderr', JSON.stringify(whole));
});
