import {
  createWritable,
  DefaultRenderer,
  Listr,
  ListrDefaultRendererLogLevels,
  ListrLogger,
  ProcessOutput,
  Spinner,
} from 'listr2';
import { Canvas } from './canvas.ts';
import { type Output, type Screen, writeLines } from './screen.ts';

// Milliseconds between two redraws, so that there are fewer than 10 a second: drawing costs time in which no host is served.
const interval = 125;
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
 * Keeps rows about what is going on at the bottom of a terminal, and writes lines above them. listr2 draws the rows as
 * one entry with one spinner. What it draws is collected, and reaches the terminal in one piece at each redraw.
 */
export class LiveView implements Screen {
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #lines: { readonly output: Output; readonly lines: readonly string[] }[] = [];
  #rows: (width: number) => readonly string[] = () => [];
  #drawing: Drawing | undefined;
  readonly #canvas: Canvas;
  readonly #spinner = new Spinner();
  #timer: NodeJS.Timeout | undefined;
  /** Drawing and questions happen one after another. */
  #turn: Promise<unknown> = Promise.resolve();
  #busy = 0;

  constructor(stdout: Output, stderr: Output) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#canvas = new Canvas(stderr.stream);
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

  running(rows: (width: number) => readonly string[]): void {
    this.#rows = rows;
  }

  aside<T>(other: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#clear();
      this.#flush();
      this.#canvas.show();
      return other();
    });
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#inTurn(() => this.#clear());
    this.#flush();
    this.#canvas.show();
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
    if (this.#timer !== undefined || this.#busy > 0) return;
    this.#flush();
    this.#canvas.show();
  }

  async #update(): Promise<void> {
    const title = this.#rows(this.#stderr.width - 4).join('\n');
    const [row] = this.#drawing?.listr.tasks ?? [];
    if (this.#lines.length === 0 && row && title !== '') {
      // The title's own setter would draw at once; the spinner draws soon enough.
      row.title = title;
      this.#canvas.show();
      return;
    }
    await this.#clear();
    this.#flush();
    if (title !== '') await this.#draw(title);
    this.#canvas.show();
  }

  #flush(): void {
    for (const { output, lines } of this.#lines.splice(0)) {
      if (output.stream === this.#stderr.stream) this.#canvas.add(lines);
      else {
        // Rows must be gone before lines take their place.
        this.#canvas.show();
        writeLines(output, lines);
      }
    }
  }

  async #draw(title: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const processOutput = new ProcessOutput(this.#canvas.stream, this.#canvas.stream, {
      leaveEmptyLine: false,
    });
    const listr = new Listr([{ title, task: () => promise }], {
      ...listOptions,
      rendererOptions: {
        clearOutput: true,
        formatOutput: 'truncate',
        spinner: this.#spinner,
        // What has not begun yet would flicker whenever lines are written above.
        icon: { [ListrDefaultRendererLogLevels.WAITING]: this.#spinner.fetch() },
        logger: new ListrLogger({ processOutput }),
      },
    });
    const frame = this.#canvas.nextFrame();
    this.#drawing = { listr, release: resolve, ended: listr.run() };
    await frame;
  }

  async #clear(): Promise<void> {
    const drawing = this.#drawing;
    this.#drawing = undefined;
    drawing?.release();
    await drawing?.ended;
  }
}
