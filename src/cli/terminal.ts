import { styleText } from 'node:util';
import { paintWith } from '../report/paint.ts';
import type { Output } from '../report/screen.ts';

/** The two streams of the command, ready to be written to. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether stderr can keep live rows. */
  readonly live: boolean;
}

/** Opens stdout and stderr; colour follows `--no-color`, NO_COLOR, FORCE_COLOR and what each stream is. */
export function openTerminal(colour: boolean, environment: NodeJS.ProcessEnv = process.env): Terminal {
  const live = process.stderr.isTTY === true && environment.TERM !== 'dumb' && !environment.CI;
  return { stdout: outputOf(process.stdout, colour), stderr: outputOf(process.stderr, colour), live };
}

function outputOf(stream: NodeJS.WriteStream, colour: boolean): Output {
  const painted = colour && styleText('red', 'x', { stream, validateStream: true }) !== 'x';
  return {
    stream,
    paint: paintWith(painted),
    get width() {
      return Math.max(40, stream.columns || 80);
    },
  };
}
