import type { TaskInstance } from '../planner/instance.ts';
import type { Ready } from '../planner/question.ts';
import { sentAhead } from '../planner/sent-ahead.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { UnreachableError } from '../transport/connection.ts';
import { type Exchange, type ExchangeStage, proveAll, type Sender, type Sending } from './exchange-proof.ts';
import { failedOutcome, type Outcome } from './outcome.ts';
import { topics } from './play-board.ts';
import type { EndedTurn } from './turn.ts';

/** Waits until every host of the play has come to the task, then proves for all at once that what they send arrives. */
export async function runExchange(
  stage: ExchangeStage,
  turn: EndedTurn & { readonly ready: Ready },
  resource: Exchange,
): Promise<void> {
  const { instance, ready } = turn;
  const { board, host } = stage;
  const item = ready.items[0];
  const finish = (outcome: Outcome) =>
    stage.finish(turn, [{ outcome, item: item?.item, label: item?.label }]);
  if (stage.checks(instance.task)) {
    const message = 'nothing is sent in check mode';
    return await finish({ status: 'skipped', changes: [], message, result: { skipped: true } });
  }
  await stage.advance();
  const { hosts } = stage.context;
  const gathering = board.gathering<Sender>(
    instance.key,
    (name) => hosts.get(name)?.passed.has(instance.key) !== true,
  );
  const topic = topics.gathering(instance.key);
  const ahead = aheadOf(stage, instance, ready, resource);
  const args = ready.timeout === undefined ? item?.args : resource.within(item?.args, ready.timeout);
  const own: Sender = { stage, args, become: ready.become, ahead, outcome: undefined };
  gathering.arrive(host.name, own);
  if (gathering.complete) board.poke(topic);
  await board.wait(host.name, () => gathering.complete, topic);
  const senders = gathering.brought;
  if (senders.keys().next().value === host.name) {
    try {
      // In a loop hosts may have different listeners.
      for (const [listener, some] of Map.groupBy(senders.values(), ({ args }) => resource.listener(args)))
        await proveOf(listener, some, resource);
    } finally {
      board.poke(topic);
    }
  }
  await board.wait(host.name, () => own.outcome !== undefined, topic);
  await stage.context.pace.step();
  await finish(own.outcome ?? failedOutcome('the exchange did not take place'));
}

async function proveOf(listener: string, senders: readonly Sender[], resource: Exchange): Promise<void> {
  try {
    await proveAll(senders, resource);
  } catch (error) {
    // The listener is lost, not this host: every sender's line is unproven.
    if (!(error instanceof UnreachableError)) throw error;
    const reason = `${listener} cannot be asked whether the line arrived: ${error.message}`;
    for (const sender of senders) sender.outcome ??= failedOutcome(reason);
  }
}

// What was sent with the first questions, if nothing has been changed on the host since and it is what would be sent now.
function aheadOf(
  stage: ExchangeStage,
  instance: TaskInstance,
  ready: Ready,
  resource: Exchange,
): Sending | undefined {
  const { host } = stage;
  const sent = host.ahead.get(instance.key);
  const question = sent && sentAhead(instance, ready, resource, sent.token);
  if (!question || host.changed) return undefined;
  const answered = stage.known([question]).get(question.key);
  if (!answered || 'refused' in answered) return undefined;
  const [output] = answered.values as readonly ScriptOutput[];
  return output && { ...sent, output, ahead: true };
}
