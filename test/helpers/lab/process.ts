import { type ChildProcess, spawn } from 'node:child_process';

/** How a command is run. */
export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Text for stdin; without it stdin is empty. */
  readonly input?: string;
  /** Milliseconds until the command is killed; default 240,000. */
  readonly timeout?: number;
}

/** How a command ended; `code` is null when a signal ended it. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way: signals can be sent to it, and its end awaited. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly result: Promise<CommandResult>;
  /** Resolves as soon as `text` stood on stdout or stderr; rejects when the command ends without it. */
  said(text: string): Promise<void>;
}

/** Starts a command without a shell; the test's colours and proxies of a terminal do not reach it. */
export function startCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): RunningCommand {
  const { FORCE_COLOR: _colour, ...environment } = process.env;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...environment, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const heard = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      heard[name] += text;
      for (const listener of listeners) listener();
    });
  }
  child.stdin.on('error', () => {}); // the command need not read what it is given
  child.stdin.end(options.input ?? '');
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    child.stdout.destroy(); // a grandchild may hold it open
    child.stderr.destroy();
  }, options.timeout ?? 240_000);
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...heard });
    });
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!heard.stdout.includes(text) && !heard.stderr.includes(text)) return;
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
      result.then(() => reject(new Error(`ended without '${text}': ${heard.stdout}${heard.stderr}`)), reject);
    });
  return { child, result, said };
}

/** Runs a command to its end; a failing code is a result, not an error. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return startCommand(command, args, options).result;
}

/** Runs a command that has to succeed and returns its stdout; throws with all it said otherwise. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, options);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')}: code ${code}\n${stdout}${stderr}`);
  }
  return stdout;
}
