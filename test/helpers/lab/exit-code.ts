import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';

/** What a command left, as far as a test that fails has to say it. */
interface Ended {
  readonly code: number | null;
  readonly stdout?: string;
  readonly stderr?: string;
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** The command ended with this code; if not, the test says the end of what the command said. */
    toExitWith(code: number | null): R;
  }
}

expect.extend({
  toExitWith({ code, stdout = '', stderr = '' }: Ended, wanted: number | null) {
    const said = (text: string) => stripVTControlCharacters(text).trimEnd().slice(-700);
    return {
      pass: code === wanted,
      actual: code,
      expected: wanted,
      message: () =>
        `exit code ${code}, ${this.isNot ? 'not ' : ''}${wanted} expected\n${said(stdout)}\n${said(stderr)}`,
    };
  },
});
