import { ExpectedError } from '../errors/expected-error.ts';
import type { SectionOutput } from '../shell/frame-reader.ts';
import { RunError } from '../transport/connection.ts';
import type { HostOutput, HostSection } from './host-section.ts';
import type { SectionLimit } from './section-limit.ts';

/** A section was ended, for its time was over. */
export class Overdue extends ExpectedError {
  readonly output: HostOutput;

  constructor(
    { id, after }: NonNullable<SectionLimit['ended']>,
    { stdout, stderr }: Pick<SectionOutput, 'stdout' | 'stderr'>,
  ) {
    const said = lastLines(stderr) || lastLines(stdout);
    const refused = `it did not end within ${after} s (timeout), and was ended on the host${said && `; it had printed: ${said}`}`;
    super(refused);
    // The code is that of timeout(1).
    this.output = { id, code: 124, stdout, stderr, refused, endedAfter: after };
  }
}

/** The end of what was printed, as messages show it. */
export function lastLines(bytes: Buffer): string {
  return bytes.toString('utf8').trim().split('\n').slice(-3).join('\n');
}

/**
 * What stands for the output of sections that were not run, or not to their end; those behind them may still be run. Throws the error
 * when it ends the host.
 * @param answersRefusal a user that cannot be become is an answer, too
 */
export function unansweredBy(
  error: unknown,
  sections: readonly HostSection[],
  outputs: ReadonlyMap<string, HostOutput>,
  answersRefusal: boolean,
): readonly HostOutput[] {
  if (error instanceof Overdue) return [error.output];
  if (!answersRefusal || !(error instanceof RunError) || error.code === 'aborted') throw error;
  const unrun = sections.filter(({ id }) => !outputs.has(id));
  // Output over the bound is the fault of one section: those behind it are run after it was cut off.
  return (error.code === 'become' ? unrun : unrun.slice(0, 1)).map(({ id }) => refusal(id, error));
}

// The code is the shell's own for a command that may not be run.
function refusal(id: string, { message, hint }: RunError): HostOutput {
  const refused = hint === undefined ? message : `${message}\n${hint}`;
  return { id, code: 126, stdout: Buffer.alloc(0), stderr: Buffer.from(refused), refused };
}
