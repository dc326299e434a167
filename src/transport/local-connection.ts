import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants, userInfo } from 'node:os';
import {
  type CommandStream,
  type Connection,
  type ProgramResult,
  type RunOptions,
  type StreamOptions,
  UnreachableError,
} from './connection.ts';
import type { ProgramChannel } from './programs/program-channel.ts';
import { ShellRunner } from './programs/shell-runner.ts';

function localChannel(child: ChildProcessWithoutNullStreams): ProgramChannel {
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    onExit: (listener) => {
      child.on('exit', (code, signal) => listener(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    },
    onClose: (listener) => {
      child.on('close', () => listener());
    },
    lostReason: () => 'the shell is gone',
    close: () => {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

// Its own process group: Ctrl-C at the terminal is ours to handle, and a program can be ended with its children.
function openChild(command: string): Promise<ProgramChannel> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command], { detached: true });
    child.once('spawn', () => resolve(localChannel(child)));
    child.once('error', (error) => {
      reject(
        new UnreachableError(
          'connect',
          `sh cannot be started on this machine: ${error.message}`,
          'see that `sh` is on the PATH and that the system has processes left',
        ),
      );
    });
  });
}

/** The control node itself: programs run in child processes. */
export class LocalConnection implements Connection {
  readonly host: string;
  readonly local = true;
  readonly #runner: ShellRunner;

  /** @param patience milliseconds until a shell must be ready */
  constructor(host: string, patience?: number) {
    this.host = host;
    this.#runner = new ShellRunner({ user: userInfo().username, patience, open: openChild });
  }

  get counts(): Connection['counts'] {
    return { connections: 1, execs: this.#runner.execs };
  }

  run(program: string, options: RunOptions): Promise<ProgramResult> {
    return this.#runner.run(program, options);
  }

  stream(command: string, options: StreamOptions): Promise<CommandStream> {
    return this.#runner.stream(command, options);
  }

  close(): Promise<void> {
    return this.#runner.close();
  }
}
