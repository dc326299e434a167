import type { Output } from './screen.ts';

const erase = '\r\u001b[K';

/** One line on a terminal while there is nothing else to see; gone when it is taken away. */
export class WaitingLine {
  readonly #output: Output;
  #shown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows the text; the caller knows that the output is a terminal. */
  show(text: string): void {
    this.#output.stream.write(`${erase}${this.#output.paint('dim', text)}`);
    this.#shown = true;
  }

  takeAway(): void {
    if (this.#shown) this.#output.stream.write(erase);
    this.#shown = false;
  }
}
