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
  #said = false;
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
    this.#said = false;
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
    this.#print([...(this.#said ? [] : this.#head(name)), ...this.#held.splice(0)]);
  }

  /** A message is to stand below the heading; what was held back stays so, for nothing was changed. */
  say(): void {
    const name = this.#name;
    if (name === undefined || this.#said) return;
    this.#said = true;
    this.#print(this.#head(name));
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
    if (this.#said) this.#print([`  ${paint('green', done)}`]);
    else this.#print([`${paint('green', done.padEnd(13))} ${name}  ${paint('dim', this.#names(name, 14))}`]);
  }

  #head(name: string): readonly string[] {
    const { paint } = this.#output;
    return ['', `${paint('bold', name)}  ${paint('dim', this.#names(name, 0))}`];
  }

  #names(name: string, before: number): string {
    return hostList(this.#hosts, Math.max(16, this.#output.width - name.length - 2 - before));
  }
}
