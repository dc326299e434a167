import { relayedRsync } from '../control-node/relayed-rsync.ts';
import type { Asked } from '../planner/asked.ts';
import { type Given, readOutput } from '../planner/probe-sections.ts';
import type { Transfer } from '../probes/transfer.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { type Ends, type Session, type StreamStyle, streamed } from './streamed.ts';

/** Lets rsync on the control node speak with one that is begun on the host as any program is: same login, same user. */
export async function transfer(
  ends: Ends,
  session: Session,
  { program, words, asLogin, environment = {} }: Transfer,
  style: StreamStyle,
): Promise<ScriptOutput> {
  const user = asLogin ? undefined : style.become;
  return await streamed(ends, session, { ...style, become: user, what: 'rsync' }, (begin, signal) =>
    relayedRsync({ program, words, environment, signal, begin }),
  );
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
