import { randomBytes } from 'node:crypto';
import { type CommandStream, RunError, UnreachableError } from '../connection.ts';
import { shellTimeout } from './host-shell.ts';
import type { ProgramChannel } from './program-channel.ts';
import { notReady, type ShellOpening } from './shell-opening.ts';

const maxStderr = 65_536;
// What login scripts may print before it.
const maxWords = 1024 * 1024;
// After the exit of the command: what holds stdout open that long is no part of it.
const silenceGrace = 2000;

/**
 * One command in a shell on a host. The shell reads no further than the line of the command, for the caller's bytes begin
 * only after that has said that it begins.
 */
export class StreamedCommand {
  readonly #channel: ProgramChannel;
  readonly #opening: ShellOpening;
  readonly #marker = `${randomBytes(12).toString('hex')}-begins\n`;
  readonly #line: string;
  readonly #begun = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<{ readonly code: number; readonly stderr: string }>();
  readonly #group = Promise.withResolvers<string | undefined>();
  #stderr = '';
  #heard = 0;
  #sent = false;
  #began = false;
  #code: number | undefined;
  #patience: NodeJS.Timeout;
  #grace: NodeJS.Timeout | undefined;

  /**
   * @param command one line of sh code
   * @param patience milliseconds until a command that has not begun is given up
   */
  constructor(channel: ProgramChannel, opening: ShellOpening, command: string, patience = shellTimeout) {
    this.#channel = channel;
    this.#opening = opening;
    this.#line = `echo ${this.#marker.trimEnd()} >&2; ${command}; exit\n`;
    this.#patience = setTimeout(() => this.fail(notReady(`after ${patience / 1000} s`, opening)), patience);
    // Whoever waits for the beginning hears of a failure there, whoever waits for the end at the end.
    this.#ended.promise.catch(() => undefined);
    // A command that ends early breaks the pipe; its exit says more.
    channel.stdin.on('error', () => undefined);
    channel.stderr.on('data', (chunk: Buffer) => this.#hear(chunk));
    channel.onExit((code) => {
      this.#code = code;
      this.#grace = setTimeout(() => this.#finish(), silenceGrace);
    });
    channel.onClose(() => this.#finish());
    if (opening.preamble !== '') channel.stdin.write(opening.preamble);
  }

  /** The command's stdin and stdout as soon as it has begun; rejects with RunError or UnreachableError. */
  async begun(): Promise<CommandStream> {
    await this.#begun.promise;
    const { stdin, stdout } = this.#channel;
    return { stdin, stdout, ended: this.#ended.promise, close: () => this.close() };
  }

  /** Process group of the command, to end it by, as soon as the host has said it; undefined when it never does. */
  group(): Promise<string | undefined> {
    return this.#group.promise;
  }

  /** Ends the wait for it; the command may go on. */
  fail(error: Error): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#grace);
    this.#begun.reject(error);
    this.#ended.reject(error);
  }

  /** Gives it up. */
  close(): void {
    // Nobody may have read it: its end would not be seen.
    this.#channel.stdout.resume();
    this.#channel.close();
  }

  #hear(chunk: Buffer): void {
    try {
      let rest: Buffer | undefined = chunk;
      if (!this.#sent) rest = this.#greeted(chunk);
      if (rest !== undefined) this.#said(rest.toString('utf8'));
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  // Gives what was said behind the greeting, once it has come.
  #greeted(chunk: Buffer): Buffer | undefined {
    this.#heard += chunk.length;
    if (this.#heard > maxWords) throw notReady(`though it printed ${maxWords} bytes`, this.#opening);
    const { answer, rest } = this.#opening.hear(chunk);
    if (answer !== undefined) this.#channel.stdin.write(answer);
    if (!this.#opening.ready) return undefined;
    this.#sent = true;
    this.#group.resolve(this.#opening.group);
    // What login scripts have printed: the command has not been sent yet.
    while (this.#channel.stdout.read() !== null);
    this.#channel.stdin.write(this.#line);
    return rest;
  }

  #said(text: string): void {
    this.#stderr = (this.#stderr + text).slice(-maxStderr);
    if (this.#began || !this.#stderr.includes(this.#marker)) return;
    this.#began = true;
    clearTimeout(this.#patience);
    this.#stderr = this.#stderr.slice(this.#stderr.indexOf(this.#marker) + this.#marker.length);
    this.#begun.resolve();
  }

  #finish(): void {
    this.#group.resolve(undefined);
    if (this.#began && this.#code !== undefined) {
      clearTimeout(this.#grace);
      this.#ended.resolve({ code: this.#code, stderr: this.#stderr });
      this.close();
      return;
    }
    this.fail(
      this.#opening.ready || this.#code === undefined
        ? this.#lost()
        : this.#opening.failure(this.#code, this.#stderr),
    );
  }

  #lost(): UnreachableError {
    return new UnreachableError(
      'lost',
      `the connection was lost in mid-command: ${this.#channel.lostReason()}`,
      'see that the host is up, then run again: what was done stays done, and the rest is caught up on',
    );
  }
}

/** What a command was cut off with whose signal came. */
export const cutOff = (): RunError => new RunError('aborted', 'the program was cut off');
