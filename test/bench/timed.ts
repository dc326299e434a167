import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

export interface Timed {
  /** Milliseconds of the whole process. */
  readonly time: number;
  readonly stdout: string;
}

/** Runs a command and says how long the whole process took; a failure ends the measurement with all it said. */
export function timed(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Timed {
  const begun = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...environment },
  });
  const time = performance.now() - begun;
  if (status !== 0) {
    process.stderr.write(`${command} ${args.join(' ')}: code ${status} ${error ?? ''}\n${stdout}${stderr}`);
    process.exit(1);
  }
  return { time, stdout };
}
