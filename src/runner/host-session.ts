import { FrameReader, type SectionOutput } from '../shell/frame-reader.ts';
import { buildProgram, endMarker } from '../shell/program.ts';
import type { BecomeMethod, CommandStream, Connection } from '../transport/connection.ts';
import { RunError, type RunOptions, UnreachableError } from '../transport/connection.ts';
import type { Doing } from './doing.ts';
import type { TimeSpent } from './events.ts';
import type { ForkLimit } from './fork-limit.ts';
import { HostGate } from './host-gate.ts';
import type { HostOutput, HostSection } from './host-section.ts';
import { SectionLimit } from './section-limit.ts';
import { SectionWatch } from './section-watch.ts';
import { Halted } from './task-failure.ts';
import { SectionTimes } from './time-keeping.ts';
import { lastLines, Overdue, unansweredBy } from './unanswered-sections.ts';

/** What all programs of a host share. */
export interface SessionOptions {
  readonly nonce: string;
  readonly forks: ForkLimit;
  /** Gives a new connection to the same host. */
  readonly reconnect: () => Promise<Connection>;
  /** For the users that tasks become. */
  readonly password: string | undefined;
  readonly method?: BecomeMethod | undefined;
  readonly kill: AbortSignal;
  /** Cuts off what changes nothing. */
  readonly stop: AbortSignal;
  /** Given what the host is at. */
  readonly watch?: (doing: Doing) => void;
  /** With `--timings`: notes each program. */
  readonly time?: (began: number, sections: TimeSpent['sections']) => void;
}

/** How one program is run. */
export interface ProgramStyle {
  readonly prelude?: string;
  /** What the shell does when the connection closes; it stays until then. */
  readonly atEnd?: string;
  /** What ends the lock when that shell was cut off, at the end of the run. */
  readonly unlock?: HostSection;
  /** It changes nothing: nobody waits for its end when the run is to stop. */
  readonly readOnly?: boolean;
  /** A user that cannot be become is an answer, not the end of the host: the user may be made later. */
  readonly answersRefusal?: boolean;
  /** Other hosts are held meanwhile: it waits neither for a place among the forks nor at the gate. */
  readonly urgent?: boolean;
}

/** Begins a command on the host as a user; undefined is who logs in. */
export type BeginStream = (
  command: string,
  become: string | undefined,
  signal: AbortSignal,
) => Promise<CommandStream>;

/** One connection to one host: sections go in, their outputs come out. */
export class HostSession {
  #connection: Connection;
  readonly #options: SessionOptions;
  /** Of connections that are no more. */
  #before = { connections: 0, execs: 0 };
  /** Closed while the host is held for another one. */
  readonly gate = new HostGate();
  /** What took the host's lock, for the case that the shell which has it is cut off. */
  #lock: { readonly sections: readonly HostSection[]; readonly style: ProgramStyle } | undefined;
  #unlocked = false;
  #beats = 0;
  #beating = false;

  constructor(connection: Connection, options: SessionOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** How users are become here; sudo when undefined. */
  get method(): BecomeMethod | undefined {
    return this.#options.method;
  }

  /** Connections opened and programs run so far, signs of life left out. */
  get counts(): Connection['counts'] {
    const { connections, execs } = this.#connection.counts;
    const { connections: earlier, execs: done } = this.#before;
    return { connections: earlier + connections, execs: done + execs - this.#beats };
  }

  /** Connects anew, for the host was restarted: its lock went with it, and is taken by the next program. */
  async renew(): Promise<void> {
    const fresh = await this.#options.reconnect();
    const { connections, execs } = this.#connection.counts;
    this.#before = {
      connections: this.#before.connections + connections,
      execs: this.#before.execs + execs,
    };
    const old = this.#connection;
    this.#connection = fresh;
    this.#unlocked = this.#lock !== undefined;
    await old.close().catch(() => undefined);
  }

  /** Whether the host is the control node itself. */
  get local(): boolean {
    return this.#connection.local;
  }

  /** Lets the host know that this run is still there; nothing comes of it when it cannot. */
  async beat(section: HostSection, prelude: string): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    this.#beats++;
    await this.#run([section], { prelude, urgent: true }).catch(() => undefined);
    this.#beating = false;
  }

  /** Runs sections in order, one program for each run of neighbours with the same user; ends at a failed step. */
  async run(sections: readonly HostSection[], style: ProgramStyle): Promise<Map<string, HostOutput>> {
    if (style.atEnd !== undefined) {
      this.#lock = { sections: sections.filter(({ stopOnFailure }) => stopOnFailure), style };
    }
    const run = () => this.#run(sections, style);
    return await (style.urgent ? run() : this.gate.through(run));
  }

  async #run(sections: readonly HostSection[], style: ProgramStyle): Promise<Map<string, HostOutput>> {
    const outputs = new Map<string, HostOutput>();
    for (let start = 0; start < sections.length; ) {
      const become = sections[start]?.become;
      const length = sections.slice(start).findIndex((section) => section.become !== become);
      let end = length < 0 ? sections.length : start + length;
      const part = sections.slice(start, end);
      try {
        await this.#program(part, become, style, (output) => outputs.set(output.id, output));
      } catch (error) {
        for (const output of unansweredBy(error, part, outputs, style.answersRefusal === true))
          outputs.set(output.id, output);
        end = start + part.filter(({ id }) => outputs.has(id)).length;
      }
      const ran = sections.slice(start, end);
      if (ran.some(({ id, stopOnFailure }) => stopOnFailure && outputs.get(id)?.code !== 0)) break;
      start = end;
    }
    return outputs;
  }

  /** Runs one program that changes nothing and reports each section as it ends. */
  async watch(
    sections: readonly HostSection[],
    onChunk: (text: string) => void,
  ): Promise<ReadonlyMap<string, SectionOutput>> {
    const outputs = new Map<string, SectionOutput>();
    await this.#program(
      sections,
      sections[0]?.become,
      { readOnly: true },
      (output) => outputs.set(output.id, output),
      onChunk,
    );
    return outputs;
  }

  /** Does work that begins commands on the host with stdin and stdout of its own; it has its turn as a program has. */
  async streaming<Result>(work: (begin: BeginStream) => Promise<Result>): Promise<Result> {
    const begin: BeginStream = (command, become, signal) =>
      this.#connection.stream(command, { ...this.#identity(become), signal });
    return await this.gate.through(async () => {
      if (this.#unlocked) await this.#lockAgain();
      return await this.#options.forks.within(() => work(begin));
    });
  }

  #identity(become: string | undefined): Pick<RunOptions, 'become'> {
    const { password, method } = this.#options;
    return become === undefined
      ? {}
      : { become: { user: become, ...(method && { method }), ...(password && { password }) } };
  }

  async close(): Promise<void> {
    const unlock = this.#lock?.style.unlock;
    if (this.#unlocked && unlock && !this.#options.kill.aborted) {
      this.#unlocked = false;
      const { prelude = '' } = this.#lock?.style ?? {};
      await this.#run([unlock], { prelude, urgent: true }).catch(() => undefined);
    }
    await this.#connection.close();
  }

  async #lockAgain(): Promise<void> {
    this.#unlocked = false;
    if (!this.#lock) return;
    const { sections, style } = this.#lock;
    const outputs = await this.#run(sections, { ...style, answersRefusal: false });
    if (sections.some(({ id }) => outputs.get(id)?.code !== 0)) throw lostLock;
  }

  async #program(
    sections: readonly HostSection[],
    become: string | undefined,
    style: ProgramStyle,
    onSection: (output: SectionOutput) => void,
    onChunk?: (text: string) => void,
  ): Promise<void> {
    if (this.#unlocked) await this.#lockAgain();
    const { nonce, forks, kill, stop, time, watch } = this.#options;
    const times = time && new SectionTimes(sections);
    const limited = sections.some(({ timeout }) => timeout !== undefined);
    const limit = limited ? new SectionLimit(sections) : undefined;
    const ends = [kill, ...(limit ? [limit.signal] : []), ...(style.readOnly ? [stop] : [])];
    const shown = watch && new SectionWatch(sections, watch);
    const reader = new FrameReader(nonce, {
      onBegin: (id) => {
        limit?.begin(id);
        shown?.begin(id);
      },
      onWait: (word) => shown?.wait(word),
      onSection: (output) => {
        limit?.end(output.id);
        times?.ended(output.id);
        onSection(output);
      },
    });
    // Its text is made when its turn has come: thousands of hosts may be waiting for theirs.
    const shared = !sections.some(({ foreign }) => foreign);
    const run = () =>
      this.#connection.run(buildProgram(sections, { nonce, ...style }), {
        ...this.#identity(become),
        endMarker: endMarker(nonce),
        shared,
        hold: style.atEnd !== undefined,
        signal: ends.length > 1 ? AbortSignal.any(ends) : kill,
        onOutput: (stream, chunk) => {
          reader.push(stream, chunk);
          if (stream === 'stdout') onChunk?.(chunk.toString('utf8'));
        },
      });
    // A listener waits for what others do: it must not take a place from them.
    const began = performance.now();
    const result = await (onChunk || style.urgent ? run() : forks.within(run, shown?.queue))
      .catch((error) => {
        const overdue = kill.aborted ? undefined : limit?.ended;
        const ended = error instanceof RunError && error.code !== 'become';
        // Only what ran in a shared shell can have taken the one with the lock along.
        if (shared && ended) this.#unlocked = true;
        if (ended && style.readOnly && stop.aborted && !kill.aborted) throw new Halted();
        throw overdue ? new Overdue(overdue, reader.unfinished) : error;
      })
      .finally(() => limit?.end());
    time?.(began, times?.all);
    if (reader.done && reader.died === undefined) return;
    const stderr = lastLines(result.stderr);
    const code = reader.died ?? result.code;
    throw new UnreachableError(
      'lost',
      `the shell on the host ended before the program did (exit code ${code})${stderr && `: ${stderr}`}`,
      'see that `sh` works for this user on the host, and that no login script ends it',
    );
  }
}

// See HostSession: nothing more may be done where another run has come in between.
const lostLock = new UnreachableError(
  'lost',
  'the shell that had the lock of this host was cut off, and another run has it now',
  'run again when that has ended: what was done stays done, and the rest is caught up on',
);
