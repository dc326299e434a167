import { relayedRsync } from '../control-node/relayed-rsync.ts';
import type { Asked } from '../planner/asked.ts';
import { type Given, readOutput } from '../planner/probe-sections.ts';
import type { Transfer } from '../probes/transfer.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { RunError } from '../transport/connection.ts';
import type { HostSession } from './host-session.ts';
import type { RunRequest } from './request.ts';
import { Halted } from './task-failure.ts';

type Session = Pick<HostSession, 'streaming'>;
type Ends = Pick<RunRequest, 'stop' | 'kill'>;

/** How a transfer is made. */
interface TransferStyle {
  readonly become: string | undefined;
  /** Seconds after which it is ended. */
  readonly timeout: number | undefined;
  /** It changes nothing: nobody waits for its end when the run is to stop. */
  readonly readOnly: boolean;
}

/** Lets rsync on the control node speak with one that is begun on the host as any program is: same login, same user. */
export async function transfer(
  { stop, kill }: Ends,
  session: Session,
  { program, words, asLogin, environment = {} }: Transfer,
  { become, timeout, readOnly }: TransferStyle,
): Promise<ScriptOutput> {
  const user = asLogin ? undefined : become;
  return await session.streaming(async (begin) => {
    const late = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000);
    const signal = AbortSignal.any([kill, ...(readOnly ? [stop] : []), ...(late ? [late] : [])]);
    try {
      return await relayedRsync({
        program,
        words,
        environment,
        signal,
        begin: (command) => begin(command, user, signal),
      });
    } catch (error) {
      if (error instanceof RunError && error.code === 'become') return refusedBy(error);
      if (!signal.aborted) throw error;
      if (late?.aborted && timeout !== undefined) return overdue(timeout);
      if (readOnly && stop.aborted && !kill.aborted) throw new Halted();
      throw new RunError('aborted', 'the transfer was cut off');
    }
  });
}

function refusedBy({ message, hint }: RunError): ScriptOutput {
  const refused = hint === undefined ? message : `${message}\n${hint}`;
  return { code: 126, stdout: '', stderr: refused, refused };
}

function overdue(endedAfter: number): ScriptOutput {
  const refused = `rsync did not end within ${endedAfter} s (timeout), and was ended on both sides`;
  return { code: 124, stdout: '', stderr: '', refused, endedAfter };
}

/** What rsync says of transfers that are only looked at. */
export async function transferAnswers(
  ends: Ends,
  session: Session,
  asked: readonly Asked[],
): Promise<readonly { readonly asked: Asked; readonly given: Given }[]> {
  const answers: { readonly asked: Asked; readonly given: Given }[] = [];
  for (const one of asked) {
    const how = { become: one.become, timeout: one.timeout, readOnly: true };
    answers.push(...readOutput([one], await transfer(ends, session, one.question as Transfer, how)));
  }
  return answers;
}
