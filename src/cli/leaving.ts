import { thrownText } from '../errors/thrown-text.ts';
import { visibleText } from '../report/visible-text.ts';
import { sourceStack } from './source-stack.ts';

/**
 * Lets a run go on although its output cannot be written any more: hosts are left in order. A reader that went away
 * (`| head`) is no error of ours; of anything else (a full disk) is said so, and the exit code is not 0.
 */
export function outliveOutput(): void {
  for (const [name, stream] of Object.entries({ stdout: process.stdout, stderr: process.stderr })) {
    const write = stream.write;
    stream.on('error', (error: NodeJS.ErrnoException) => lose(name, error));
    // Files are written at once: what goes wrong there is thrown at whoever writes.
    stream.write = ((...words: Parameters<typeof write>): boolean => {
      try {
        return write.apply(stream, words);
      } catch (error) {
        lose(name, error as NodeJS.ErrnoException);
        const last = words.at(-1);
        if (typeof last === 'function') last();
        return true;
      }
    }) as typeof write;
  }
}

let lost = false;

function lose(name: string, { code, message }: NodeJS.ErrnoException): void {
  if (lost || code === 'EPIPE') return;
  lost = true;
  const reason = code === 'ENOSPC' ? 'there is no space left on its disk (ENOSPC)' : message;
  process.stderr.write(
    `provision: ${name} cannot be written: ${reason}; the run goes on to its end, but what it prints is lost\n`,
  );
}

/** Ends the process once stdout and stderr are written; whatever is still open is dropped. Lost output is no success. */
export async function leaveWith(code: number): Promise<never> {
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit(code === 0 && lost ? 1 : code);
}

/** Reports an error that nobody foresaw: shortly, with its stack only when asked for. */
export function reportUnexpected(error: unknown, verbose: boolean): void {
  const message = thrownText(error);
  const stack = error instanceof Error ? error.stack : undefined;
  const lines =
    verbose && stack !== undefined
      ? [`provision: internal error: ${sourceStack(stack)}`]
      : [
          `provision: internal error: ${message}`,
          '  hint: this is a bug of provision; the same command with -v shows where',
        ];
  // A host's words may be part of it.
  process.stderr.write(`${visibleText(lines.join('\n'))}\n`);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write('', () => resolve());
  });
}
