import { openSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ReadStream, WriteStream } from 'node:tty';
import { ExpectedError } from '../errors/expected-error.ts';
import { ProvisionError } from '../errors/problem.ts';

/** The person at the terminal pressed Ctrl-C instead of answering. */
export class PromptInterrupted extends ExpectedError {}

/** Asks for a secret on the terminal itself, whatever stdin is, and shows nothing of it; undefined when the person gives none. */
export async function askSecret(question: string, option: string): Promise<string | undefined> {
  const { input, output } = openTty(question, option);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  try {
    output.write(question);
    return await new Promise((resolve, reject) => {
      line.once('SIGINT', () => reject(new PromptInterrupted('interrupted')));
      line.once('close', () => resolve(undefined));
      line.once('line', resolve);
    });
  } finally {
    line.close();
    output.write('\n');
    input.destroy();
    output.destroy();
  }
}

/** Asks on the terminal itself, whatever stdin is; undefined when the person gives no answer. */
export async function askLine(question: string, option: string): Promise<string | undefined> {
  const { input, output } = openTty(question, option);
  const line = createInterface({ input, output, terminal: true, historySize: 0 });
  try {
    return await new Promise((resolve, reject) => {
      line.once('SIGINT', () => reject(new PromptInterrupted('interrupted')));
      line.once('close', () => resolve(undefined));
      line.question(question).then(resolve, () => resolve(undefined));
    });
  } finally {
    line.close();
    input.destroy();
    output.destroy();
  }
}

function openTty(
  question: string,
  option: string,
): { readonly input: ReadStream; readonly output: WriteStream } {
  try {
    return {
      input: new ReadStream(openSync('/dev/tty', 'r')),
      output: new WriteStream(openSync('/dev/tty', 'w')),
    };
  } catch {
    throw new ProvisionError([
      {
        code: 'no-terminal',
        message: `cannot ask "${question.trim()}": there is no terminal`,
        why: `${option} asks a person, and this command runs without one (cron, CI, a pipe with no controlling terminal)`,
        hint: 'run it from a terminal (`ssh -t` for a remote one), or arrange for no question: NOPASSWD in sudoers, a key in ssh-agent',
      },
    ]);
  }
}
