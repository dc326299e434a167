import { spawn, spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';

export interface Timed {
  /** Milliseconds of the whole process. */
  readonly time: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

// A failure ends the measurement with all that was printed.
function fail(command: readonly string[], ...output: readonly unknown[]): never {
  process.stderr.write(`${command.join(' ')} failed: ${output.join('\n')}\n`);
  process.exit(1);
}

/** Runs a command and says how long the whole process took. */
export function timed(command: string, args: readonly string[], environment: Environment = {}): Timed {
  const begun = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...environment },
  });
  const time = performance.now() - begun;
  return status === 0
    ? { time, stdout, stderr }
    : fail([command, ...args], error ?? `code ${status}`, stdout, stderr);
}

/** The same while this process goes on with other work. */
export async function timedBeside(
  command: string,
  args: readonly string[],
  environment: Environment = {},
): Promise<Timed> {
  const begun = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...environment } });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  const time = performance.now() - begun;
  return code === 0
    ? { time, stdout, stderr }
    : fail([command, ...args], `code ${code}`, stdout.slice(-5000), stderr.slice(-5000));
}
