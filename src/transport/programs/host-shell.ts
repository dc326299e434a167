import { type ProgramResult, RunError, type RunOptions, UnreachableError } from '../connection.ts';
import { CapturedStream } from './captured-stream.ts';
import type { ProgramChannel } from './program-channel.ts';
import { notReady, type ShellOpening } from './shell-opening.ts';

const defaultMaxBytes = 32 * 1024 * 1024;
// After the end marker the exit code is due at once.
const exitGrace = 1000;
// After the exit of the shell: silence that long, and nothing more will come.
const silenceGrace = 2000;

/** Milliseconds until a shell must be ready. */
export const shellTimeout = 30_000;
// What login scripts may print before it.
const maxWords = 1024 * 1024;

type StreamName = 'stdout' | 'stderr';

/** What is needed until a program has ended; a shell that stays open after it keeps none of this. */
interface Going {
  readonly program: string;
  readonly options: RunOptions;
  readonly captured: Readonly<Record<StreamName, CapturedStream>>;
  readonly resolve: (result: ProgramResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A shell on a host, and the program that it runs now. One that is shared takes one program after another, any other ends
 * with its first. What it prints while no program runs belongs to nobody and is dropped.
 */
export class HostShell {
  readonly #channel: ProgramChannel;
  readonly #opening: ShellOpening;
  readonly #shared: boolean;
  /** Undefined while no program runs. */
  #going: Going | undefined;
  #began = false;
  #bytes = 0;
  #code: number | undefined;
  #over = false;
  #ending = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #patience: number;
  readonly #greeted = Promise.withResolvers<void>();

  /**
   * @param shared programs leave it as they found it, and it waits for the next one
   * @param patience milliseconds until a shell that is not ready is given up
   */
  constructor(channel: ProgramChannel, opening: ShellOpening, shared: boolean, patience = shellTimeout) {
    this.#patience = patience;
    this.#channel = channel;
    this.#opening = opening;
    this.#shared = shared;
    const { stdin, stdout, stderr } = channel;
    // A shell that ends early breaks the pipe; its exit says more.
    stdin.on('error', () => undefined);
    stdout.on('data', (chunk: Buffer) => this.#guard(() => this.#take('stdout', chunk)));
    stderr.on('data', (chunk: Buffer) => this.#guard(() => this.#hear(chunk)));
    channel.onExit((code) => {
      this.#code = code;
      this.#over = true;
      this.#progress();
    });
    channel.onClose(() => {
      this.#over = true;
      this.#greeted.resolve();
      this.#finish(true);
    });
  }

  /** Whether it can take another program now. */
  get idle(): boolean {
    return this.#shared && !this.#over && !this.#ending && this.#going === undefined;
  }

  /** Process group of its programs, to end them by, as soon as the host has said it; undefined when it never does. */
  async group(): Promise<string | undefined> {
    await this.#greeted.promise;
    return this.#opening.group;
  }

  /**
   * Sends a program and gathers what it prints; rejects with RunError or UnreachableError.
   * After a rejection the program may still run: it is the caller's to end, and the shell takes no other.
   */
  run(program: string, options: RunOptions): Promise<ProgramResult> {
    const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
    const { endMarker, signal } = options;
    const captured = { stdout: new CapturedStream(endMarker), stderr: new CapturedStream(endMarker) };
    this.#going = { program, options, captured, resolve, reject };
    this.#bytes = 0;
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (this.#opening.ready || this.#opening.eager) this.#send();
    if (!this.#opening.ready) this.#waitUntilReady();
    if (signal?.aborted) this.#abort();
    else if (this.#over) this.#progress();
    return promise;
  }

  /** Lets it end by itself. */
  end(): void {
    this.#ending = true;
    this.#channel.stdin.end();
  }

  /** Gives it up. */
  close(): void {
    this.#over = true;
    this.#channel.close();
  }

  #send(): void {
    if (!this.#going) return;
    const { stdin } = this.#channel;
    const text = `${this.#began ? '' : this.#opening.preamble}${this.#going.program}`;
    this.#began = true;
    if (this.#shared) stdin.write(text);
    else stdin.end(text);
  }

  // A login script may have started something else, which waits for ever or never stops to talk.
  #waitUntilReady(): void {
    const after = `after ${this.#patience / 1000} s`;
    this.#timer = setTimeout(() => this.#fail(notReady(after, this.#opening)), this.#patience);
  }

  #hear(chunk: Buffer): void {
    if (this.#opening.ready) {
      this.#take('stderr', chunk);
      return;
    }
    this.#bytes += chunk.length;
    if (this.#bytes > maxWords) throw notReady(`though it printed ${maxWords} bytes`, this.#opening);
    const { answer, rest } = this.#opening.hear(chunk);
    if (this.#opening.ready) {
      clearTimeout(this.#timer);
      this.#bytes = 0;
      this.#greeted.resolve();
    }
    if (!this.#going) return;
    if (answer !== undefined) this.#channel.stdin.write(answer);
    if (rest === undefined) return;
    if (!this.#opening.eager) this.#send();
    if (rest.length > 0) this.#take('stderr', rest);
  }

  #take(name: StreamName, chunk: Buffer): void {
    if (!this.#going) return;
    const { options, captured } = this.#going;
    this.#bytes += chunk.length;
    const limit = options.maxBytes ?? defaultMaxBytes;
    if (this.#bytes > limit) {
      throw new RunError(
        'output-limit',
        `the output grew over ${limit} bytes and was cut off`,
        'let the command print less, or send its output to a file on the host',
      );
    }
    captured[name].push(chunk);
    options.onOutput?.(name, chunk);
    this.#progress();
  }

  #progress(): void {
    if (!this.#going) return;
    const { captured } = this.#going;
    const marked = captured.stdout.ended && captured.stderr.ended;
    if (marked && (this.#shared || this.#code !== undefined)) this.#finish(false);
    else if (marked) this.#wait(exitGrace);
    else if (this.#code !== undefined) this.#wait(silenceGrace);
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish(false), milliseconds);
  }

  #finish(closed: boolean): void {
    if (!this.#going) return;
    const { captured, resolve } = this.#going;
    const marked = captured.stdout.ended && captured.stderr.ended;
    const lost = closed && this.#code === undefined && !marked;
    const failure = lost ? this.#lost() : this.#unopened(captured.stdout);
    if (failure) {
      this.#fail(failure);
      return;
    }
    this.#settle();
    const stays = this.#shared && marked && !this.#over;
    if (!stays) this.close();
    resolve({
      code: stays ? undefined : this.#code,
      stdout: captured.stdout.bytes,
      stderr: captured.stderr.bytes,
    });
  }

  #unopened(stdout: CapturedStream): Error | undefined {
    if (this.#opening.ready) return undefined;
    return this.#opening.failure(this.#code, stdout.bytes.toString('utf8'));
  }

  #lost(): UnreachableError {
    return new UnreachableError(
      'lost',
      `the connection was lost in mid-command: ${this.#channel.lostReason()}`,
      'see that the host is up, then run again: what was done stays done, and the rest is caught up on',
    );
  }

  readonly #abort = (): void => {
    this.#fail(new RunError('aborted', 'the program was cut off'));
  };

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    const reject = this.#going?.reject;
    this.#over = true;
    this.#settle();
    reject?.(error);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#going?.options.signal?.removeEventListener('abort', this.#abort);
    this.#going = undefined;
  }
}
