import { createWritable, DefaultRenderer, Listr, ListrLogger, ProcessOutput, Spinner } from 'listr2';
import { type Output, type Screen, writeLines } from './screen.ts';
import { runningRow } from './task-line.ts';
import type { TaskTally } from './task-tally.ts';

// At most 10 updates a second: drawing costs time in which no host is served.
const interval = 100;
const mostRows = 8;
// listr2 asks whether stdout is a terminal; the view draws on stderr, and whoever opens it has looked.
class LiveRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

const listOptions = { concurrent: true, registerSignalListeners: false, renderer: LiveRenderer } as const;

interface Drawing {
  readonly listr: Listr<unknown, typeof LiveRenderer>;
  /** Lets listr2 end its rows. */
  readonly release: () => void;
  readonly ended: Promise<unknown>;
}

/**
 * Keeps the running tasks at the bottom of a terminal, one listr2 row each with its hosts counted, and writes lines
 * above them. listr2 gets a new list of only the running tasks whenever lines are written, so that its cost does not
 * grow with the length of the run.
 */
export class LiveView implements Screen {
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #lines: { readonly output: Output; readonly lines: readonly string[] }[] = [];
  #running: () => readonly TaskTally[] = () => [];
  #waiting: (width: number) => readonly string[] = () => [];
  readonly #spinner = new Spinner();
  #drawing: Drawing | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Drawing and questions happen one after another. */
  #turn: Promise<unknown> = Promise.resolve();
  #busy = 0;

  constructor(stdout: Output, stderr: Output) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#timer = setInterval(() => {
      if (this.#busy === 0) this.#inTurn(() => this.#update());
    }, interval);
  }

  /** Opens a view whose libraries are loaded: loading them holds up the event loop, which must not happen during a run. */
  static async open(stdout: Output, stderr: Output): Promise<LiveView> {
    const nowhere = createWritable(() => undefined) as unknown as NodeJS.WriteStream;
    const logger = new ListrLogger({ processOutput: new ProcessOutput(nowhere, nowhere) });
    await new Listr([], { ...listOptions, rendererOptions: { clearOutput: true, logger } }).run();
    return new LiveView(stdout, stderr);
  }

  result(lines: readonly string[]): void {
    this.#write(this.#stdout, lines);
  }

  progress(lines: readonly string[]): void {
    this.#write(this.#stderr, lines);
  }

  running(
    tallies: () => readonly TaskTally[],
    waiting: (width: number) => readonly string[] = () => [],
  ): void {
    this.#running = tallies;
    this.#waiting = waiting;
  }

  aside<T>(other: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#clear();
      this.#flush();
      return other();
    });
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#inTurn(() => this.#clear());
    this.#flush();
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    this.#busy++;
    const mine = this.#turn.then(act).finally(() => {
      this.#busy--;
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #write(output: Output, lines: readonly string[]): void {
    this.#lines.push({ output, lines });
    if (this.#timer === undefined && this.#busy === 0) this.#flush();
  }

  async #update(): Promise<void> {
    const titles = this.#titles();
    const rows = this.#drawing?.listr.tasks ?? [];
    if (this.#lines.length === 0 && titles.length === rows.length) {
      // The title's own setter would draw at once; the spinner draws soon enough.
      for (const [index, row] of rows.entries()) row.title = titles[index] ?? '';
      return;
    }
    await this.#clear();
    this.#flush();
    if (titles.length > 0) this.#draw(titles);
  }

  #titles(): readonly string[] {
    const now = performance.now();
    // What all hosts are through waits for its turn to be written, and for nothing else.
    const running = this.#running().filter(({ results, expected }) => results.size < expected);
    const waiting = this.#waiting(this.#stderr.width - 4);
    const titles = running.slice(0, mostRows).map((tally) => runningRow(tally, this.#stderr.width - 4, now));
    const more = running.length - titles.length;
    return [...waiting, ...titles, ...(more > 0 ? [`and ${more} more`] : [])];
  }

  #flush(): void {
    for (const { output, lines } of this.#lines.splice(0)) writeLines(output, lines);
  }

  #draw(titles: readonly string[]): void {
    const { stream } = this.#stderr;
    const { promise, resolve } = Promise.withResolvers<void>();
    const processOutput = new ProcessOutput(stream, stream, { leaveEmptyLine: false });
    const listr = new Listr(
      titles.map((title) => ({ title, task: () => promise })),
      {
        ...listOptions,
        rendererOptions: {
          clearOutput: true,
          formatOutput: 'truncate',
          spinner: this.#spinner,
          logger: new ListrLogger({ processOutput }),
        },
      },
    );
    this.#drawing = { listr, release: resolve, ended: listr.run() };
  }

  async #clear(): Promise<void> {
    const drawing = this.#drawing;
    this.#drawing = undefined;
    drawing?.release();
    await drawing?.ended;
  }
}
