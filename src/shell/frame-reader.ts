import type { RunTime } from './script-output.ts';

/** The output of one section, as bytes. */
export interface SectionOutput {
  readonly id: string;
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** From its first mark to its last one. */
  readonly ran?: RunTime;
}

type StreamName = 'stdout' | 'stderr';

// The longest mark after the nonce: a verb, an id, an exit code.
const longestMark = 256;

/** One stream's bytes, cut at the marks. */
class FramedStream {
  readonly #prefix: Buffer;
  readonly #onMark: (words: string[], before: Buffer) => void;
  #settled: Buffer[] = [];
  #tail: Buffer = Buffer.alloc(0);

  constructor(prefix: Buffer, onMark: (words: string[], before: Buffer) => void) {
    this.#prefix = prefix;
    this.#onMark = onMark;
  }

  push(chunk: Buffer): void {
    this.#tail = Buffer.concat([this.#tail, chunk]);
    for (;;) {
      const start = this.#tail.indexOf(this.#prefix);
      const end = start < 0 ? -1 : this.#tail.indexOf('\n', start + this.#prefix.length);
      if (end < 0) break;
      const words = this.#tail
        .subarray(start + this.#prefix.length, end)
        .toString('latin1')
        .split(' ');
      const before = Buffer.concat([...this.#settled, this.#tail.subarray(0, start)]);
      // A section that waits goes on: what it has printed is still its own.
      this.#settled = words[0] === 'wait' ? [before] : [];
      this.#tail = this.#tail.subarray(end + 1);
      this.#onMark(words, before);
    }
    // Bytes too far back to begin a mark are put aside, so that a flood is not searched again at every chunk.
    const keep = this.#prefix.length + longestMark;
    if (this.#tail.length <= keep) return;
    this.#settled.push(this.#tail.subarray(0, this.#tail.length - keep));
    this.#tail = this.#tail.subarray(this.#tail.length - keep);
  }

  /** What came behind the last mark. */
  get rest(): Buffer {
    return Buffer.concat([...this.#settled, this.#tail]);
  }
}

/** Who is given what a program's marks say. */
export interface FrameListener {
  readonly onSection: (output: SectionOutput) => void;
  /** A section has begun. */
  readonly onBegin?: (id: string) => void;
  /** The section that runs waits for something, or does so no longer: a word of its own for each. */
  readonly onWait?: (word: string) => void;
}

/** Takes a program's output in any chunks and gives each section as soon as both its streams have ended. */
export class FrameReader {
  readonly #listener: FrameListener;
  readonly #streams: Record<StreamName, FramedStream>;
  readonly #open: Partial<Record<StreamName, string>> = {};
  readonly #ended = new Map<string, Partial<Record<StreamName, Buffer>>>();
  readonly #done = new Set<StreamName>();
  #died: number | undefined;
  // Of one section stderr may end only when the next has begun on stdout.
  readonly #began = new Map<string, () => RunTime>();

  constructor(nonce: string, listener: FrameListener) {
    this.#listener = listener;
    const prefix = Buffer.from(`\n${nonce} `);
    const stream = (name: StreamName) =>
      new FramedStream(prefix, (words, before) => this.#mark(name, words, before));
    this.#streams = { stdout: stream('stdout'), stderr: stream('stderr') };
  }

  /** True once the program has said on both streams that it has ended. */
  get done(): boolean {
    return this.#done.size === 2;
  }

  /** Exit code of a program that did not come to its end. */
  get died(): number | undefined {
    return this.#died;
  }

  /** The section that has begun and not ended: where a lost connection struck. */
  get current(): string | undefined {
    return this.#open.stdout;
  }

  /** What the section that has begun and not ended has printed so far. */
  get unfinished(): Pick<SectionOutput, 'stdout' | 'stderr'> {
    const { stdout, stderr } = this.#streams;
    return { stdout: stdout.rest, stderr: stderr.rest };
  }

  /** Adds bytes as they arrive. */
  push(name: StreamName, chunk: Buffer): void {
    this.#streams[name].push(chunk);
  }

  #mark(name: StreamName, [verb, id = '', code = '']: string[], before: Buffer): void {
    if (verb === 'done') this.#done.add(name);
    if (verb === 'died') this.#died = Number(id);
    if (verb === 'begin') {
      this.#open[name] = id;
      if (name === 'stdout') this.#begin(id);
    }
    if (verb === 'wait' && name === 'stdout') this.#listener.onWait?.(id);
    if (verb !== 'end' || this.#open[name] !== id) return;
    delete this.#open[name];
    const halves = { ...this.#ended.get(id), [name]: before };
    this.#ended.set(id, halves);
    if (!halves.stdout || !halves.stderr) return;
    this.#ended.delete(id);
    const ran = this.#began.get(id)?.();
    this.#began.delete(id);
    const { stdout, stderr } = halves;
    this.#listener.onSection({ id, code: Number(code), stdout, stderr, ...(ran && { ran }) });
  }

  #begin(id: string): void {
    const [began, from] = [Date.now(), performance.now()];
    this.#began.set(id, () => ({ began, lasted: performance.now() - from }));
    this.#listener.onBegin?.(id);
  }
}
