import type { Readable, Writable } from 'node:stream';
import { ExpectedError } from '../errors/expected-error.ts';

/** The program by which a user becomes another one. */
export type BecomeMethod = 'sudo' | 'doas' | 'su';

/** How to become another user on the host. */
export interface Become {
  readonly user: string;
  /** Asked for by sudo and su; never on a command line. */
  readonly password?: string;
  /** sudo when left out. */
  readonly method?: BecomeMethod;
}

/** What one program printed. */
export interface ProgramResult {
  /** Undefined when the shell stays open for other programs. */
  readonly code: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** How a program is run. */
export interface RunOptions {
  readonly become?: Become;
  /** Ends the wait when it was seen on stdout and stderr, even if a child keeps the channel open. */
  readonly endMarker: string;
  /** In a shell that waits for other programs afterwards: this one ends by itself, and leaves nothing that goes on printing. */
  readonly shared?: boolean;
  /** Implies `shared`: the shell stays until the connection closes, for the program has left something to be done at its end. */
  readonly hold?: boolean;
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  /** Bytes of output on both streams together before the program is cut off; default 32 MiB. */
  readonly maxBytes?: number;
  /** Cuts the program off at once. */
  readonly signal?: AbortSignal;
}

/** How a command is begun whose stdin and stdout are the caller's. */
export interface StreamOptions {
  readonly become?: Become;
  /** Ends it, and what it runs. */
  readonly signal?: AbortSignal;
}

/** A command that runs on a host with stdin and stdout of the caller's own: bytes, both ways. */
export interface CommandStream {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /**
   * Its exit code, and the last 64 KiB of what it said on stderr, once stdout has ended.
   * Rejects with UnreachableError (`lost`), and with RunError (`aborted`) when the signal came.
   */
  readonly ended: Promise<{ readonly code: number; readonly stderr: string }>;
  /** Gives it up. */
  close(): void;
}

/** A managed host, or the control node itself: programs go in, bytes come out. */
export interface Connection {
  readonly host: string;
  /** The control node itself. */
  readonly local: boolean;
  /** Runs a POSIX sh program that arrives over stdin; the transport adds nothing to its output. */
  run(program: string, options: RunOptions): Promise<ProgramResult>;
  /** Begins a command of one line for sh, and gives its stdin and stdout when it has begun: nothing is read of them before. */
  stream(command: string, options: StreamOptions): Promise<CommandStream>;
  /** Connections opened and programs run so far, for the report. */
  readonly counts: { readonly connections: number; readonly execs: number };
  close(): Promise<void>;
}

/** Why a host cannot be reached or used; a result `unreachable`, never a crash. */
export type UnreachableCode =
  | 'unknown-host-key'
  | 'changed-host-key'
  | 'revoked-host-key'
  | 'authentication'
  | 'connect'
  | 'timeout'
  | 'lost'
  | 'name';

/** The host cannot be reached, or was lost; message says what, `hint` what to do. */
export class UnreachableError extends ExpectedError {
  readonly code: UnreachableCode;
  readonly hint: string | undefined;

  constructor(code: UnreachableCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The program could not be run as wanted (sudo refused, output over the bound): the task fails, the host is reachable. */
export class RunError extends ExpectedError {
  readonly code: 'become' | 'output-limit' | 'aborted';
  readonly hint: string | undefined;

  constructor(code: 'become' | 'output-limit' | 'aborted', message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Where and how to connect, after inventory; ssh_config fills what is left out. */
export interface Target {
  /** Inventory name, used in messages and as ssh_config alias when `address` is missing. */
  readonly name: string;
  readonly kind: 'ssh' | 'local';
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
}

/** What all connections of a run share. */
export interface ConnectOptions {
  /** Milliseconds until a connection attempt is given up; default 10,000. */
  readonly connectTimeout?: number;
  /** Milliseconds until a shell on the host must be ready; default 30,000. */
  readonly shellTimeout?: number;
  /** Other ssh_config than ~/.ssh/config (and /etc/ssh/ssh_config). */
  readonly sshConfigFile?: string;
  /** Asks the person at the terminal for a key's passphrase; undefined when nobody can be asked. */
  readonly askPassphrase?: (keyFile: string) => Promise<string | undefined>;
}
