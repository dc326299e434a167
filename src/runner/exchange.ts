import { randomBytes } from 'node:crypto';
import type { Ready } from '../planner/question.ts';
import type { Arrival, ExchangeResource } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { UnreachableError } from '../transport/connection.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace } from './host-ports.ts';
import type { HostSection, HostSession } from './host-session.ts';
import { LineSplitter } from './line-splitter.ts';
import { controlOutcome, failedOutcome, type Outcome } from './outcome.ts';
import { topics } from './play-board.ts';
import { scriptOutput } from './script-output.ts';
import type { EndedTurn } from './turn.ts';

type Stage = HostPlace & HostAsks & HostApplies & HostEmits;

// biome-ignore lint/suspicious/noExplicitAny: the arguments are the resource's own affair.
type Exchange = ExchangeResource<any>;

/** One sending host of an exchange. */
interface Sender {
  readonly stage: Stage;
  readonly args: unknown;
  readonly become: string | undefined;
  readonly token: string;
  outcome: Outcome | undefined;
}

/** Waits until every host of the play has come to the task, then proves for all at once that what they send arrives. */
export async function runExchange(
  stage: Stage,
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
  const token = randomBytes(9).toString('hex');
  const own: Sender = { stage, args: item?.args, become: ready.become, token, outcome: undefined };
  gathering.arrive(host.name, own);
  if (gathering.complete) board.poke(topic);
  await board.wait(host.name, () => gathering.complete, topic);
  const senders = gathering.brought;
  if (senders.keys().next().value === host.name) {
    try {
      await exchange([...senders.values()], resource);
    } catch (error) {
      // The listener is lost, not this host: every sender's line is unproven.
      if (!(error instanceof UnreachableError)) throw error;
      const reason = `${resource.listener(item?.args)} cannot be asked whether the line arrived: ${error.message}`;
      for (const sender of senders.values()) sender.outcome ??= failedOutcome(reason);
    } finally {
      board.poke(topic);
    }
  }
  await board.wait(host.name, () => own.outcome !== undefined, topic);
  await stage.context.pace.step();
  await finish(own.outcome ?? failedOutcome('the exchange did not take place'));
}

async function exchange(senders: readonly Sender[], resource: Exchange): Promise<void> {
  const [first] = senders;
  if (!first) return;
  const { context } = first.stage;
  const listener = await context.sessionOf(resource.listener(first.args));
  const listenerRun = context.hosts.get(resource.listener(first.args));
  const wants = senders.map(({ args }) => args);
  const tokens = senders.map(({ token }) => token);
  const arrivals = new Map<string, { readonly at: number; readonly detail: string }>();
  const become = listenerRun?.keeper;
  const listening = Promise.withResolvers<void>();
  const lines = new LineSplitter((line) => {
    const [word, token = '', ...detail] = line.split(' ');
    if (word === 'ready') listening.resolve();
    if (word === 'arrived') arrivals.set(token, { at: performance.now(), detail: detail.join(' ') });
  });
  const script = resource.listenScript(wants, tokens);
  if (listenerRun) listenerRun.verifyExecs++;
  const heard = listener.watch([section('listen', script, become)], (text) => lines.push(text));
  // The listener may fail before it is ready: sending must not wait for it then.
  const begun = await Promise.race([listening.promise.then(() => true), heard.then(() => false)]);
  const sent = begun ? await Promise.all(senders.map((sender) => send(sender, resource))) : [];
  const outputs = await heard;
  for (const [index, sender] of senders.entries()) {
    const sending = sent[index];
    if (!sending) {
      sender.outcome = failedOutcome(`the listener could not listen: ${outputs.get('listen')?.stderr ?? ''}`);
      continue;
    }
    const arrival = arrivals.get(sender.token);
    const seen: Arrival | undefined = arrival && {
      milliseconds: Math.max(0, Math.round(arrival.at - sending.began)),
      detail: arrival.detail,
    };
    const decided = resource.judge(sender.args, sending.output, seen);
    const outcome = controlOutcome(decided);
    sender.outcome =
      decided.status === 'failed' ? await diagnosed(outcome, sender, resource, listener, become) : outcome;
  }
}

async function send(sender: Sender, resource: Exchange) {
  const { host } = sender.stage;
  const script = resource.sendScript(sender.args, sender.token);
  const began = performance.now();
  const output = await runOne(host.session, section('send', script, sender.become));
  host.verifyExecs++;
  return { began, output };
}

async function diagnosed(
  outcome: Outcome,
  sender: Sender,
  resource: Exchange,
  listener: HostSession,
  become: string | undefined,
): Promise<Outcome> {
  const { host } = sender.stage;
  const sides = [
    { name: host.name, session: host.session, side: 'sender', become: sender.become },
    { name: resource.listener(sender.args), session: listener, side: 'listener', become },
  ] as const;
  const told = await Promise.all(
    sides.map(async ({ name, session, side, become: user }) => {
      const output = await runOne(
        session,
        section('diagnose', resource.diagnoseScript(sender.args, side), user),
      );
      return `${name} (${side}):\n${output.stdout.trim() || 'nothing telling'}`;
    }),
  );
  host.verifyExecs++;
  const message = [outcome.message, ...told].join('\n');
  return { ...outcome, message, result: { ...outcome.result, msg: message } };
}

async function runOne(session: HostSession | undefined, one: HostSection): Promise<ScriptOutput> {
  return scriptOutput((await session?.run([one], {}))?.get(one.id));
}

function section(id: string, script: string, become: string | undefined): HostSection {
  return { id, script, stopOnFailure: false, become };
}
