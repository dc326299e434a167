import { Writable } from 'node:stream';

/** Stands in for a terminal: what is drawn on it is kept, and reaches the terminal in one piece. */
export class Canvas {
  /** To be drawn on. */
  readonly stream: NodeJS.WriteStream;
  readonly #terminal: NodeJS.WriteStream;
  #drawn: string[] = [];
  #onFrame: (() => void) | undefined;

  constructor(terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
    const stream = new Writable();
    stream.write = (chunk: unknown) => {
      const text = String(chunk);
      this.#drawn.push(text);
      if (text.includes('\n')) this.#onFrame?.();
      return true;
    };
    // Some terminals say that they have none (script, ssh -tt without one): nothing would ever be drawn on them.
    const size = (name: 'columns' | 'rows', usual: number, least: number) => ({
      get: () => Math.max(terminal[name] || usual, least),
    });
    Object.defineProperties(stream, { columns: size('columns', 80, 40), rows: size('rows', 24, 4) });
    this.stream = Object.assign(stream, { isTTY: true }) as unknown as NodeJS.WriteStream;
  }

  /** Puts whole lines behind what has been drawn. */
  add(lines: readonly string[]): void {
    this.#drawn.push(...lines.map((line) => `${line}\n`));
  }

  /** Resolves when lines have been drawn. */
  nextFrame(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFrame = resolve;
    });
  }

  /** Lets the terminal have what has been drawn since the last time. */
  show(): void {
    const drawn = this.#drawn.join('');
    this.#drawn = [];
    if (drawn !== '') this.#terminal.write(drawn);
  }
}
