import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex, Readable, Writable } from 'node:stream';

/** The other end of a transfer: a command whose stdin and stdout are ours. */
interface RemoteEnd {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<{ readonly code: number; readonly stderr: string }>;
  close(): void;
}

/** One call of rsync. */
export interface RsyncCall {
  /** The program on this machine. */
  readonly program: string;
  /** Its arguments; a path at the other end has any host before it. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Begins the other end, with a line of sh code as rsync would give it to ssh. */
  begin(command: string): Promise<RemoteEnd>;
}

/** How rsync ended and what it printed, with what its other end said on stderr. */
export interface RsyncOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// What rsync starts in place of ssh: it tells us what is to be run at the other end, then carries bytes to and fro. That
// it ends when we do lets rsync end; what carries the other way ends with rsync.
const relay = `sh -c 'printf "%s\\0" "$#" "$@" >&3; exec 4<&0; cat <&4 >&3 & exec 4<&-; exec cat <&3'`;

const maxOutput = 32 * 1024 * 1024;
// How long an end gets when the other one has ended.
const endTimeout = 5000;

/**
 * Runs rsync here, its other end wherever `begin` begins it. Rejects with what `begin` and the other end reject with, and
 * with the reason of the signal.
 */
export async function relayedRsync(call: RsyncCall): Promise<RsyncOutput> {
  call.signal.throwIfAborted();
  // The relay is written to as a plain pipe is: rsync would give it one that says when it is full.
  const child = spawn(call.program, [`--rsh=${relay}`, '--blocking-io', ...call.words], {
    // Its own process group: Ctrl-C at the terminal is ours to handle, and it can be ended with its children.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...call.environment },
  });
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    kill('SIGTERM');
    timer ??= setTimeout(() => kill('SIGKILL'), endTimeout);
  };
  const printed = { stdout: [] as Buffer[], stderr: [] as Buffer[], bytes: 0 };
  const take = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
    printed.bytes += chunk.length;
    if (printed.bytes > maxOutput) end();
    else printed[name].push(chunk);
  };
  const [, stdout, stderr, wire] = child.stdio as unknown as [null, Readable, Readable, Duplex];
  stdout.on('data', take('stdout'));
  stderr.on('data', take('stderr'));
  wire.on('error', () => undefined);
  const remote = remoteEnd(wire, call);
  call.signal.addEventListener('abort', end, { once: true });
  const code = await new Promise<number | string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(notStarted(call.program, error)));
    // What it has started ends with the wire.
    child.once('exit', () => {
      wire.end();
      timer ??= setTimeout(() => kill('SIGKILL'), endTimeout);
    });
    child.once('close', (exit, signal) => resolve(exit ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
  clearTimeout(timer);
  call.signal.removeEventListener('abort', end);
  wire.destroy();
  const other = await remote.settled();
  call.signal.throwIfAborted();
  if (typeof code === 'string') return { code: 127, stdout: '', stderr: code };
  if (printed.bytes > maxOutput) return { code: 1, stdout: '', stderr: tooMuch };
  return {
    code: other?.code === 127 ? 127 : code || (other?.code ?? 0),
    stdout: Buffer.concat(printed.stdout).toString('utf8'),
    // What the other end says when there is no rsync is all there is to say.
    stderr:
      (other?.stderr ?? '') + (other?.code === 127 ? '' : Buffer.concat(printed.stderr).toString('utf8')),
  };
}

const tooMuch = `rsync printed more than ${maxOutput} bytes and was ended: let it print less, or transfer less at once`;

function notStarted(program: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? `the control node has no ${program}; install rsync there first`
    : `${program} cannot be started on the control node: ${error.message}`;
}

// Begins the other end as soon as the relay has said with which words.
function remoteEnd(wire: Duplex, call: RsyncCall) {
  let begun: Promise<RemoteEnd> | undefined;
  let heard = Buffer.alloc(0);
  const hear = (chunk: Buffer): void => {
    heard = Buffer.concat([heard, chunk]);
    const found = headIn(heard);
    if (!found) return;
    wire.off('data', hear).pause();
    begun = call.begin(found.command);
    begun.then(
      (end) => {
        end.stdin.on('error', () => undefined);
        end.stdin.write(found.rest);
        wire.pipe(end.stdin);
        end.stdout.pipe(wire);
        end.ended.catch(() => wire.end());
      },
      () => wire.end(),
    );
  };
  wire.on('data', hear);
  return {
    /** How the other end ended, now that rsync has; undefined when it was never begun. */
    async settled() {
      if (!begun) return undefined;
      const end = await begun;
      end.stdin.end();
      let closed = false;
      const timer = setTimeout(() => {
        closed = true;
        end.close();
      }, endTimeout);
      try {
        return await end.ended;
      } catch (error) {
        if (closed) return undefined;
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

// `COUNT WORD...`, each with a NUL behind it. The words are what ssh would join and give to the shell at the other end.
function headIn(bytes: Buffer): { readonly command: string; readonly rest: Buffer } | undefined {
  const words: string[] = [];
  for (let at = 0, end = bytes.indexOf(0); end >= 0; at = end + 1, end = bytes.indexOf(0, at)) {
    words.push(bytes.subarray(at, end).toString('utf8'));
    if (words.length === Number(words[0]) + 1)
      return { command: words.slice(1).join(' '), rest: bytes.subarray(end + 1) };
  }
  return undefined;
}
