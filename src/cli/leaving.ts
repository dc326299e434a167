import { visibleText } from '../report/visible-text.ts';
import { sourceStack } from './source-stack.ts';

/** A reader that went away (`| head`) is no error of ours: the run goes on, the rest is written nowhere. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Ends the process once stdout and stderr are written; whatever is still open is dropped. */
export async function leaveWith(code: number): Promise<never> {
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit(code);
}

/** Tells of an error that nobody foresaw: shortly, with its stack only when asked for. */
export function tellUnexpected(error: unknown, verbose: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
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
