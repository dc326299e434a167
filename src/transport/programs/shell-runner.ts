import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../../errors/expected-error.ts';
import {
  type Become,
  type CommandStream,
  type ProgramResult,
  RunError,
  type RunOptions,
  type StreamOptions,
  UnreachableError,
} from '../connection.ts';
import { Deadline } from '../deadline.ts';
import { ChannelSlots } from './channel-slots.ts';
import { HostShell, shellTimeout } from './host-shell.ts';
import type { ProgramChannel } from './program-channel.ts';
import { ShellOpening } from './shell-opening.ts';
import { cutOff, StreamedCommand } from './streamed-command.ts';

/** How a host is made to run a command. */
export interface ShellSource {
  /** Who the commands run as. */
  readonly user: string;
  /** Milliseconds until a shell must be ready. */
  readonly patience?: number | undefined;
  /** Rejects with SessionRefused when the host allows no more at once. */
  open(command: string): Promise<ProgramChannel>;
}

/** The host is there, but has no room for another session now. */
export class SessionRefused extends ExpectedError {}

/** A shell that is open. */
interface OpenShell {
  readonly shell: HostShell;
  readonly become: Become | undefined;
  readonly closed: Promise<void>;
  /** Stays until the connection closes. */
  hold: boolean;
  /** Its program was ended from here, and the shell with it. */
  cutOff: boolean;
}

function silentHost(patience: number): UnreachableError {
  return new UnreachableError(
    'timeout',
    `it opened no channel for a command within ${patience / 1000} s`,
    'see that its sshd works: `ssh HOST true`; `--shell-timeout` waits longer',
  );
}

const endedShell = new UnreachableError(
  'lost',
  'the host has ended the shell that had its lock: for too long it had not heard of this run, or somebody ended it there',
  'run again: what was done stays done, and the rest is caught up on',
);

// sshd's MaxSessions: the eleventh is refused.
const maxChannels = 10;
// How long a shell gets to end after its stdin was closed, and a program to be killed.
const endTimeout = 5000;
const maxRefusals = 10;
const refusalPause = 30;

/** Runs programs on one host, several at a time, each in a shell of its own or in one that waits for more; sees to their end. */
export class ShellRunner {
  readonly #source: ShellSource;
  readonly #slots = new ChannelSlots(maxChannels);
  readonly #open = new Set<OpenShell>();
  /** Ends of the commands whose stdin and stdout are the caller's. */
  readonly #streams = new Set<Promise<void>>();
  readonly #endings = new Set<Promise<unknown>>();
  #programs = 0;
  #closing = false;
  /** The host has ended a shell that was to stay: what it was kept for is over. */
  #ended = false;

  constructor(source: ShellSource) {
    this.#source = source;
  }

  /** Programs run so far. */
  get execs(): number {
    return this.#programs;
  }

  async run(program: string, options: RunOptions): Promise<ProgramResult> {
    // What was cut off must be gone: it may have held what the next program is about to take.
    if (this.#endings.size > 0) await Promise.all(this.#endings);
    if (this.#ended) throw endedShell;
    const become = options.become?.user === this.#source.user ? undefined : options.become;
    const shared = options.shared === true || options.hold === true;
    const one = (shared && this.#waiting(become)) || (await this.#begin(become, shared, options.signal));
    if (options.hold) one.hold = true;
    this.#programs++;
    try {
      return await one.shell.run(program, options);
    } catch (error) {
      this.#end(one);
      throw error;
    }
  }

  /** Begins a command whose stdin and stdout are the caller's; when the signal comes its processes are ended. */
  async stream(command: string, { become, signal }: StreamOptions): Promise<CommandStream> {
    if (this.#endings.size > 0) await Promise.all(this.#endings);
    if (this.#ended) throw endedShell;
    const opening = new ShellOpening(become?.user === this.#source.user ? undefined : become);
    const channel = await this.#channel(opening, signal);
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    this.#programs++;
    this.#streams.add(closed);
    const one = new StreamedCommand(channel, opening, command, this.#source.patience);
    const stop = () => {
      one.fail(cutOff());
      this.#endGroup(one, opening.become);
    };
    signal?.addEventListener('abort', stop, { once: true });
    channel.onClose(() => {
      signal?.removeEventListener('abort', stop);
      this.#streams.delete(closed);
      this.#slots.give();
      resolve();
    });
    if (signal?.aborted) stop();
    try {
      return await one.begun();
    } catch (error) {
      // Before it has begun there is nothing of ours to end.
      if (!signal?.aborted) one.close();
      throw error;
    }
  }

  /** Lets the shells that wait end, and waits for those that are being ended. */
  async close(): Promise<void> {
    this.#closing = true;
    // The shell that has the host's lock keeps it while steps still go on: they must be gone before it ends.
    await Promise.all(this.#endings);
    const ended = [...this.#open].map(({ shell, closed }) => {
      shell.end();
      return within(closed, endTimeout);
    });
    await Promise.all([...ended, ...[...this.#streams].map((closed) => within(closed, endTimeout))]);
  }

  #waiting(become: Become | undefined): OpenShell | undefined {
    return [...this.#open].find((one) => one.shell.idle && one.become?.user === become?.user);
  }

  async #begin(
    become: Become | undefined,
    shared: boolean,
    signal: AbortSignal | undefined,
  ): Promise<OpenShell> {
    const opening = new ShellOpening(become);
    return this.#track(await this.#channel(opening, signal), opening, shared);
  }

  // A channel with a slot of its own, which is given back when it closes.
  async #channel(opening: ShellOpening, signal: AbortSignal | undefined): Promise<ProgramChannel> {
    for (let refusals = 0; ; ) {
      if (this.#slots.none) await this.#dismiss();
      await this.#slots.take();
      try {
        if (signal?.aborted) throw new RunError('aborted', 'the program was not started');
        return await this.#opened(opening.command);
      } catch (error) {
        const refused = error instanceof SessionRefused;
        if (refused) await this.#dismiss();
        // The host allows fewer sessions than usual: the slot is not given back, and another one is waited for.
        if (refused && this.#busy > 0) continue;
        this.#slots.give();
        if (!refused || ++refusals > maxRefusals) throw error;
        // sshd frees a session a moment after it has closed its channel.
        await sleep(refusalPause);
      }
    }
  }

  // A host that accepts the connection may say nothing more.
  async #opened(command: string): Promise<ProgramChannel> {
    const { patience = shellTimeout } = this.#source;
    const deadline = new Deadline(patience);
    try {
      return await deadline.race(this.#source.open(command), () => silentHost(patience));
    } finally {
      deadline.clear();
    }
  }

  /** Shells that will end by themselves. */
  get #busy(): number {
    return this.#streams.size + [...this.#open].filter(({ shell, hold }) => !hold && !shell.idle).length;
  }

  // One that only waits makes room for another user's.
  async #dismiss(): Promise<void> {
    const one = [...this.#open].find(({ shell, hold }) => shell.idle && !hold);
    if (!one) return;
    one.shell.end();
    await within(one.closed, endTimeout);
  }

  #track(channel: ProgramChannel, opening: ShellOpening, shared: boolean): OpenShell {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const shell = new HostShell(channel, opening, shared, this.#source.patience);
    const one = { shell, become: opening.become, closed, hold: false, cutOff: false };
    this.#open.add(one);
    channel.onClose(() => {
      this.#open.delete(one);
      if (one.hold && !one.cutOff && !this.#closing) this.#ended = true;
      this.#slots.give();
      resolve();
    });
    return one;
  }

  // Closing a channel does not end what runs there: a second command kills its process group, as the same user.
  #end(one: OpenShell): void {
    one.cutOff = true;
    this.#endGroup(one.shell, one.become);
  }

  #endGroup(shell: Pick<HostShell, 'group' | 'close'>, become: Become | undefined): void {
    const killed = shell.group().then((group) => (group ? this.#kill(group, become) : undefined));
    const ending = within(killed, endTimeout).finally(() => {
      shell.close();
      this.#endings.delete(ending);
    });
    this.#endings.add(ending);
  }

  async #kill(group: string, become: Become | undefined): Promise<void> {
    const opening = new ShellOpening(become);
    const shell = new HostShell(await this.#source.open(opening.command), opening, false);
    await shell.run(endScript(group), { endMarker: randomUUID() });
  }
}

// What it runs may put something in order before it ends (a package manager its lock): it gets a second for that.
const endScript = (group: string): string => `kill -TERM -${group} || exit 0
n=0
while kill -0 -${group} 2>/dev/null && [ $n -lt 10 ]; do sleep 0.1 || break; n=$((n + 1)); done
kill -KILL -${group} 2>/dev/null
`;

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
