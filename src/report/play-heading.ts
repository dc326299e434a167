import { counted, hostList } from './host-list.ts';
import type { Output } from './screen.ts';

/**
 * The heading of a play with what was done in it, held back until something is: a play that did nothing is one line.
 */
export class PlayHeading {
  readonly #output: Output;
  readonly #print: (lines: readonly string[]) => void;
  #name: string | undefined;
  #hosts: readonly string[] = [];
  #held: string[] = [];
  #tasks = 0;
  #expected = true;

  /** @param print puts lines on the screen of the output */
  constructor(output: Output, print: (lines: readonly string[]) => void) {
    this.#output = output;
    this.#print = print;
  }

  /**
   * Ends the play before it and begins another.
   * @param expected whether anything is to be done in it at all
   */
  begin(name: string, hosts: readonly string[], expected = true): void {
    this.end();
    this.#name = name;
    this.#hosts = hosts;
    this.#tasks = 0;
    this.#expected = expected;
  }

  /** A line about a task that changed nothing: shown if anything else in the play is. */
  hold(lines: readonly string[]): void {
    this.#tasks++;
    if (this.#name === undefined) this.#print(lines);
    else this.#held.push(...lines);
  }

  /** Shows what was held back: more is to come. */
  open(): void {
    const name = this.#name;
    if (name === undefined) return;
    this.#name = undefined;
    this.#print([
      '',
      `${this.#output.paint('bold', name)}  ${this.#output.paint('dim', this.#names(name, 0))}`,
      ...this.#held.splice(0),
    ]);
  }

  /** The play is over. */
  end(): void {
    const name = this.#name;
    if (name === undefined) return;
    this.#name = undefined;
    this.#held = [];
    if (this.#tasks === 0 && !this.#expected) return;
    const done = this.#tasks === 0 ? 'nothing to do' : `${counted(this.#tasks, 'task')} ok`;
    const { paint } = this.#output;
    this.#print([`${paint('green', done.padEnd(13))} ${name}  ${paint('dim', this.#names(name, 14))}`]);
  }

  #names(name: string, before: number): string {
    return hostList(this.#hosts, Math.max(16, this.#output.width - name.length - 2 - before));
  }
}
