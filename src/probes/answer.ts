import type { ScriptOutput } from '../shell/script-output.ts';
import { ProbeError, probeFailure } from './probe-error.ts';

/** What a probe printed: lines of a key, a space and a value; the last line of a key counts. */
export class Answer {
  readonly #lines = new Map<string, string>();
  readonly #asked: string;

  /** @param asked what the probe looked at, for errors */
  constructor(output: ScriptOutput, asked: string) {
    this.#asked = asked;
    const failure = probeFailure(output, asked);
    if (failure) throw failure;
    for (const line of output.stdout.split('\n')) {
      const space = line.indexOf(' ');
      if (space > 0) this.#lines.set(line.slice(0, space), line.slice(space + 1));
    }
  }

  /** The value of a line, undefined when the host did not print it. */
  get(key: string): string | undefined {
    return this.#lines.get(key);
  }

  /** The value of a line that must be there. */
  need(key: string): string {
    const value = this.#lines.get(key);
    if (value === undefined) throw new ProbeError(`the host's answer about ${this.#asked} lacks '${key}'`);
    return value;
  }

  /** A moment that travelled as seconds since 1970. */
  moment(key: string): Date {
    const value = this.need(key);
    if (!/^\d{1,11}$/.test(value))
      throw new ProbeError(`the host's answer about ${this.#asked} has no time, but '${value}'`);
    return new Date(Number(value) * 1000);
  }

  /** A value that travelled as base64, undefined when the host did not print it. */
  bytes(key: string): Buffer | undefined {
    const value = this.#lines.get(key);
    return value === undefined ? undefined : Buffer.from(value, 'base64');
  }
}

/** Shell function `provision_print KEY VALUE`: prints a value of any characters as one line of an answer. */
export const printFunction = `provision_print() {
  printf '%s %s\\n' "$1" "$(printf '%s' "$2" | base64 | tr -d '\\n')"
}`;
