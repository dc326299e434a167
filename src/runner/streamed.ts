import type { ScriptOutput } from '../shell/script-output.ts';
import { type CommandStream, RunError } from '../transport/connection.ts';
import type { HostSession } from './host-session.ts';
import type { RunRequest } from './request.ts';
import { Halted } from './task-failure.ts';

export type Session = Pick<HostSession, 'streaming'>;
export type Ends = Pick<RunRequest, 'stop' | 'kill'>;

/** How bytes are sent to a host, or fetched from it. */
export interface StreamStyle {
  readonly become: string | undefined;
  /** Seconds after which it is ended. */
  readonly timeout: number | undefined;
  /** It changes nothing: nobody waits for its end when the run is to stop. */
  readonly readOnly: boolean;
}

type Begin = (command: string) => Promise<CommandStream>;

/**
 * Does work with commands of a host whose stdin and stdout are the caller's, and gives what comes of it, or why it was ended.
 * @param what names it in a message
 */
export async function streamed(
  { stop, kill }: Ends,
  session: Session,
  { become, timeout, readOnly, what }: StreamStyle & { readonly what: string },
  work: (begin: Begin, signal: AbortSignal) => Promise<ScriptOutput>,
): Promise<ScriptOutput> {
  return await session.streaming(async (begin) => {
    const late = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000);
    const signal = AbortSignal.any([kill, ...(readOnly ? [stop] : []), ...(late ? [late] : [])]);
    try {
      return await work((command) => begin(command, become, signal), signal);
    } catch (error) {
      if (error instanceof RunError && error.code === 'become') return refusedBy(error);
      if (!signal.aborted) throw error;
      if (late?.aborted && timeout !== undefined) return overdue(what, timeout);
      if (readOnly && stop.aborted && !kill.aborted) throw new Halted();
      throw new RunError('aborted', 'the transfer was cut off');
    }
  });
}

function refusedBy({ message, hint }: RunError): ScriptOutput {
  const refused = hint === undefined ? message : `${message}\n${hint}`;
  return { code: 126, stdout: '', stderr: refused, refused };
}

function overdue(what: string, endedAfter: number): ScriptOutput {
  const refused = `${what} did not end within ${endedAfter} s (timeout), and was ended on both sides`;
  return { code: 124, stdout: '', stderr: '', refused, endedAfter };
}
