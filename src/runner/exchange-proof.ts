import { randomBytes } from 'node:crypto';
import type { Arrival, ExchangeResource } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace } from './host-ports.ts';
import type { HostSection } from './host-section.ts';
import type { HostSession } from './host-session.ts';
import { LineSplitter } from './line-splitter.ts';
import type { SentToken } from './managed-host.ts';
import { controlOutcome, failedOutcome, type Outcome } from './outcome.ts';
import { scriptOutput } from './section-text.ts';

/** What an exchange sees of a host. */
export type ExchangeStage = HostPlace & HostAsks & HostApplies & HostEmits;

// biome-ignore lint/suspicious/noExplicitAny: the arguments are the resource's own affair.
export type Exchange = ExchangeResource<any>;

/** What a host has sent, and what its script printed. */
export interface Sending extends SentToken {
  readonly output: ScriptOutput;
  /** With the first questions of the run, not for the listener that is there now. */
  readonly ahead: boolean;
}

/** One sending host of an exchange. */
export interface Sender {
  readonly stage: ExchangeStage;
  readonly args: unknown;
  readonly become: string | undefined;
  /** What it sent before it came here, if that still counts. */
  readonly ahead: Sending | undefined;
  outcome: Outcome | undefined;
}

/** The host that listens. */
interface Listener {
  readonly name: string;
  readonly session: HostSession;
  readonly become: string | undefined;
  /** Something was changed on it in this run: what was sent before that proves nothing. */
  readonly changed: boolean;
  begin(): void;
}

/** Gives every sender its outcome: first for what is on its way already, then for lines that are sent now. */
export async function proveAll(senders: readonly Sender[], resource: Exchange): Promise<void> {
  const [first] = senders;
  if (!first) return;
  const listener = await listenerOf(first, resource);
  const early = listener.changed ? [] : senders.filter(({ ahead }) => ahead !== undefined);
  if (early.length > 0) {
    const sent = early.flatMap((sender) => (sender.ahead ? [{ sender, sending: sender.ahead }] : []));
    const heard = await listen(
      listener,
      early,
      sent.map(({ sending }) => sending.token),
      resource,
      true,
      async () => undefined,
    );
    for (const { sender, sending } of sent) {
      const decided = resource.judge(sender.args, sending.output, arrivalOf(sending, heard.arrivals));
      // A line that did not come, or not as it should, gets another chance, with all that is then said of it.
      if (decided.status === 'ok') sender.outcome = controlOutcome(decided);
    }
  }
  const open = senders.filter(({ outcome }) => outcome === undefined);
  if (open.length > 0) await sendAndListen(listener, open, resource);
}

async function listenerOf({ stage: { context }, args }: Sender, resource: Exchange): Promise<Listener> {
  const name = resource.listener(args);
  const host = context.hosts.get(name);
  return {
    name,
    session: await context.sessionOf(name),
    become: host?.stateOwner,
    changed: host?.changed === true,
    begin: () => {
      if (host) host.verifyExecs++;
    },
  };
}

async function sendAndListen(
  listener: Listener,
  senders: readonly Sender[],
  resource: Exchange,
): Promise<void> {
  const tokens = senders.map(() => randomBytes(9).toString('hex'));
  const sendAll = () =>
    Promise.all(senders.map((sender, index) => send(sender, tokens[index] ?? '', resource)));
  const { sent = [], arrivals, output } = await listen(listener, senders, tokens, resource, false, sendAll);
  for (const [index, sender] of senders.entries()) {
    const sending = sent[index];
    if (!sending) {
      sender.outcome = failedOutcome(`the listener could not listen: ${output?.stderr ?? ''}`);
      continue;
    }
    const decided = resource.judge(sender.args, sending.output, arrivalOf(sending, arrivals));
    const outcome = controlOutcome(decided);
    sender.outcome =
      decided.status === 'failed' ? await diagnosed(outcome, sender, resource, listener) : outcome;
  }
}

type Arrivals = ReadonlyMap<string, { readonly at: number; readonly detail: string }>;

// Runs the listening program, and what is to be done while it listens.
async function listen<T>(
  listener: Listener,
  senders: readonly Sender[],
  tokens: readonly string[],
  resource: Exchange,
  ahead: boolean,
  meanwhile: () => Promise<T>,
) {
  const arrivals = new Map<string, { readonly at: number; readonly detail: string }>();
  const listening = Promise.withResolvers<void>();
  const lines = new LineSplitter((line) => {
    const [word, token = '', ...detail] = line.split(' ');
    if (word === 'ready') listening.resolve();
    if (word !== 'arrived') return;
    const at = arrivals.get(token)?.at ?? performance.now();
    arrivals.set(token, { at, detail: detail.join(' ') });
  });
  const wants = senders.map(({ args }) => args);
  const script = resource.listenScript(wants, tokens, ahead);
  listener.begin();
  const heard = listener.session.watch([section('listen', script, listener.become)], (text) =>
    lines.push(text),
  );
  // The listener may fail before it is ready: sending must not wait for it then.
  const begun = await Promise.race([listening.promise.then(() => true), heard.then(() => false)]);
  const sent = begun ? await meanwhile() : undefined;
  const output = scriptOutput((await heard).get('listen'));
  return { sent, arrivals: arrivals as Arrivals, output };
}

function arrivalOf({ token, since, ahead }: Sending, arrivals: Arrivals): Arrival | undefined {
  const arrival = arrivals.get(token);
  if (!arrival) return undefined;
  return {
    milliseconds: Math.max(0, Math.round(arrival.at - since)),
    atMost: ahead,
    detail: arrival.detail,
  };
}

async function send(sender: Sender, token: string, resource: Exchange): Promise<Sending> {
  const { host } = sender.stage;
  const script = resource.sendScript(sender.args, token, false);
  const since = performance.now();
  const output = await runOne(host.session, section('send', script, sender.become));
  host.verifyExecs++;
  return { token, since, output, ahead: false };
}

async function diagnosed(
  outcome: Outcome,
  sender: Sender,
  resource: Exchange,
  listener: Listener,
): Promise<Outcome> {
  const { host } = sender.stage;
  const sides = [
    { name: host.name, session: host.session, side: 'sender', become: sender.become },
    { name: listener.name, session: listener.session, side: 'listener', become: listener.become },
  ] as const;
  const found = await Promise.all(
    sides.map(async ({ name, session, side, become: user }) => {
      const script = resource.diagnoseScript(sender.args, side);
      const output = await runOne(session, section('diagnose', script, user));
      return `${name} (${side}):\n${output.stdout.trim() || 'nothing of use'}`;
    }),
  );
  host.verifyExecs++;
  const message = [outcome.message, ...found].join('\n');
  return { ...outcome, message, result: { ...outcome.result, msg: message } };
}

async function runOne(session: HostSession | undefined, one: HostSection): Promise<ScriptOutput> {
  return scriptOutput((await session?.run([one], { readOnly: true }))?.get(one.id));
}

function section(id: string, script: string, become: string | undefined): HostSection {
  return { id, script, stopOnFailure: false, become };
}
