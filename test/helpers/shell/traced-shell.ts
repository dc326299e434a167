import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../resources/shell-host.ts';

/** What a program printed and started. */
export interface Traced {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Programs started beside the shell itself; undefined where strace is missing. */
  readonly programs: number | undefined;
  readonly forks: number | undefined;
}

const hasStrace = spawnSync('strace', ['-f', 'true']).status === 0;

/** Runs a program over stdin and counts the processes that it starts. */
export function runTraced(
  program: string,
  shell: Shell,
  environment: Readonly<Record<string, string>> = {},
): Traced {
  const directory = mkdtempSync(join(tmpdir(), 'provision-test-'));
  const trace = join(directory, 'trace');
  const tracer = ['strace', '-f', '-qq', '-e', 'trace=execve,fork,vfork,clone,clone3', '-o', trace];
  try {
    const [command = 'sh', ...args] = hasStrace ? [...tracer, ...shell] : shell;
    const env = { ...process.env, ...environment };
    const { stdout, stderr } = spawnSync(command, args, { input: program, env });
    const calls = hasStrace ? readFileSync(trace, 'utf8').split('\n') : undefined;
    const count = (pattern: RegExp) => calls?.filter((line) => pattern.test(line)).length;
    const programs = count(/execve(\(| resumed>).* = 0$/);
    return {
      stdout,
      stderr,
      programs: programs === undefined ? undefined : programs - 1,
      forks: count(/(fork|clone3?)(\(| resumed>).* = [1-9]\d*$/),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
