// Preloaded into provision (node --import): writes what the process used to the file $BENCH_PROBE when it ends.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 10; // milliseconds; a loop that is never late shows this much
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = {
    time: (userCPUTime + systemCPUTime) / 1000,
    megabytes: maxRSS / 1024,
    lag: delay.percentile(99) / 1e6 - resolution,
    longest: delay.max / 1e6 - resolution,
  };
  writeFileSync(process.env.BENCH_PROBE ?? '/dev/stderr', JSON.stringify(used));
});
