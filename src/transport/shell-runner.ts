import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelSlots } from './channel-slots.ts';
import { type Become, type ProgramResult, RunError, type RunOptions } from './connection.ts';
import { type ProgramChannel, runProgram } from './program-run.ts';
import { ShellOpening } from './shell-opening.ts';

/** How a host is made to run a command. */
export interface ShellSource {
  /** Who the commands run as. */
  readonly user: string;
  /** Rejects with SessionRefused when the host allows no more at once. */
  open(command: string): Promise<ProgramChannel>;
}

/** The host is there, but has no room for another session now. */
export class SessionRefused extends Error {}

// sshd's MaxSessions: the eleventh is refused.
const maxChannels = 10;
// How long a held program gets to end after its stdin was closed, and a program to be killed.
const endTimeout = 5000;
const maxRefusals = 10;
const refusalPause = 30;

/** Runs programs on one host, several at a time, and sees to their end. */
export class ShellRunner {
  readonly #source: ShellSource;
  readonly #slots = new ChannelSlots(maxChannels);
  readonly #held = new Map<ProgramChannel, Promise<void>>();
  readonly #endings = new Set<Promise<unknown>>();
  #execs = 0;
  /** Programs that will end by themselves. */
  #busy = 0;

  constructor(source: ShellSource) {
    this.#source = source;
  }

  /** Programs run so far. */
  get execs(): number {
    return this.#execs;
  }

  async run(program: string, options: RunOptions): Promise<ProgramResult> {
    const { become, signal, hold } = options;
    const opening = new ShellOpening(become?.user === this.#source.user ? undefined : become);
    const channel = await this.#begin(opening.command, signal);
    this.#track(channel, hold === true);
    try {
      return await runProgram(channel, program, options, opening);
    } catch (error) {
      this.#end(channel, opening);
      throw error;
    }
  }

  /** Lets held programs end, and waits for those that are being ended. */
  async close(): Promise<void> {
    const held = [...this.#held].map(([channel, closed]) => {
      channel.stdin.end();
      return within(closed, endTimeout);
    });
    await Promise.all([...held, ...this.#endings]);
  }

  async #begin(command: string, signal: AbortSignal | undefined): Promise<ProgramChannel> {
    for (let refusals = 0; ; ) {
      await this.#slots.take();
      this.#busy++;
      try {
        if (signal?.aborted) throw new RunError('aborted', 'the program was not begun');
        const channel = await this.#source.open(command);
        this.#execs++;
        return channel;
      } catch (error) {
        this.#busy--;
        const refused = error instanceof SessionRefused;
        // The host allows fewer sessions than usual: the slot is not given back, and another one is waited for.
        if (refused && this.#busy > 0) continue;
        this.#slots.give();
        if (!refused || ++refusals > maxRefusals) throw error;
        // sshd frees a session a moment after it has closed its channel.
        await sleep(refusalPause);
      }
    }
  }

  #track(channel: ProgramChannel, hold: boolean): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (hold) {
      this.#held.set(channel, promise);
      this.#busy--;
    }
    channel.onClose(() => {
      if (!this.#held.delete(channel)) this.#busy--;
      this.#slots.give();
      resolve();
    });
  }

  // Closing a channel does not end what runs there: a second command kills its process group, as the same user.
  #end(channel: ProgramChannel, { become, group }: ShellOpening): void {
    const killed = group === undefined ? Promise.resolve() : this.#kill(group, become);
    const ending = within(killed, endTimeout).finally(() => {
      channel.close();
      this.#endings.delete(ending);
    });
    this.#endings.add(ending);
  }

  async #kill(group: string, become: Become | undefined): Promise<void> {
    const opening = new ShellOpening(become);
    const channel = await this.#source.open(opening.command);
    await runProgram(channel, `kill -KILL -${group}\n`, { endMarker: randomUUID() }, opening);
  }
}

// A helper's failure changes nothing for the caller: the connection is closed after it anyway.
async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  work.then(
    () => resolve(),
    () => resolve(),
  );
  await promise;
  clearTimeout(timer);
}
