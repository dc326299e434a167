import { ExpectedError } from '../errors/expected-error.ts';
import { askedOnce } from '../planner/asked.ts';
import { probeSections } from '../planner/probe-sections.ts';
import type { Answered } from '../planner/question.ts';
import { damagedFacts } from '../resources/facts/local-facts.ts';
import type { AnyResource, Json, ProbeOptions } from '../resources/resource.ts';
import { clockWarning } from './clock-warning.ts';
import { isDeadHere } from './control-process.ts';
import { handlerWarnings, readHandlerRecords, rememberedScript } from './handler-record.ts';
import { endLockScript, lockScript, unlockScript } from './host-lock.ts';
import type { HostOutput } from './host-section.ts';
import type { HostSession } from './host-session.ts';
import { keptScript, readKept } from './layers.ts';
import { type LockRefusal, readRefusal, refusalText } from './lock-refusal.ts';
import type { ManagedHost } from './managed-host.ts';
import type { RunContext } from './run-context.ts';
import { sectionAnswers } from './section-answers.ts';
import { statePrelude } from './state-directories.ts';

/** A host that answers but may not be worked on now. */
export class HostRefused extends ExpectedError {}

/** Another run has the host. */
export class HostLocked extends HostRefused {}

/** The first program on a host: takes its lock, reads facts and what earlier runs left to do. */
export async function openHost(context: RunContext, host: ManagedHost, session: HostSession): Promise<void> {
  const { request, resources } = context;
  const setup = resources.get('setup');
  if (setup?.kind !== 'host') throw new Error('the resource setup is missing from the registry');
  const locks = !request.check && !host.observed;
  const become = host.stateOwner;
  const question = {
    key: 'facts',
    item: 0,
    become,
    asks: setup.probe({}, context.options).asks,
    paths: setup.paths?.({}) ?? [],
  };
  const probes = probeSections(askedOnce([question]), become);
  const section = (id: string, script: string, stopOnFailure = false) => ({
    id,
    script,
    stopOnFailure,
    become,
  });
  const sections = [
    ...(locks ? [section('lock', lockScript(context.holder), true)] : []),
    section('remembered', locks ? `${keptScript}\n${rememberedScript}` : rememberedScript),
    ...probes.map((probe) => ({ ...probe, stopOnFailure: false })),
  ];
  const unlock = section('unlock', endLockScript(context.holder.run));
  const style = {
    prelude: statePrelude,
    readOnly: true,
    ...(locks && { atEnd: `${statePrelude}\n${unlockScript}`, unlock }),
  };
  const open = async () => {
    const began = new Date();
    return { asked: began, outputs: await session.run(sections, style), answered: new Date() };
  };
  let { asked, outputs, answered } = await open();
  const refusal = refusalIn(outputs);
  if (refusal && isDeadHere(refusal.process) && (await endLock(session, become, refusal))) {
    ({ asked, outputs, answered } = await open());
  }
  throwIfRefused(host, outputs);
  const text = (id: string) => outputs.get(id)?.stdout.toString('utf8') ?? '';
  const records = readHandlerRecords(text('remembered'));
  for (const { key } of records) host.remembered.add(key);
  for (const name of readKept(text('remembered'))) host.kept.add(name);
  for (const { asked: one, given } of sectionAnswers(probes, outputs)) host.answers.put(one, given);
  const facts = factsFrom(setup, context.options, host.answers.get(question));
  for (const [name, value] of Object.entries(facts)) host.memory.facts.set(name, value);
  const clock = reportedTime(facts);
  const warning = clock && clockWarning(clock, asked, answered);
  const warnings = [
    ...(warning ? [warning] : []),
    ...damagedFacts(facts.local),
    ...handlerWarnings(request.playbook, records),
  ];
  if (host.observed) return;
  for (const message of warnings) context.emit({ type: 'warning', message, host: host.name });
}

// Undefined when the host gave no time that makes sense.
function reportedTime({ date_time: time }: { readonly [key: string]: Json }): Date | undefined {
  const epoch: unknown = time !== null && typeof time === 'object' ? Reflect.get(time, 'epoch') : undefined;
  return typeof epoch === 'string' && /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1000) : undefined;
}

function factsFrom(
  setup: Extract<AnyResource, { kind: 'host' }>,
  options: ProbeOptions,
  answered: Answered | undefined,
): { readonly [key: string]: Json } {
  if (!answered || 'refused' in answered) return {};
  return setup.facts?.({}, setup.probe({}, options).read(answered.values)) ?? {};
}

// Whatever goes wrong in our own program says why.
function noReason(code: number): string {
  return `the host answered with exit code ${code} and gave no reason, which a program of provision never does: its sh, or a wrapper around it, does not run what it receives`;
}

type Outputs = ReadonlyMap<string, HostOutput>;

function refusalIn(outputs: Outputs): LockRefusal | undefined {
  const lock = outputs.get('lock');
  return lock && readRefusal(lock.code, lock.stdout.toString('utf8'));
}

// The run that has the host was killed on this very machine: nobody else will end its lock. False while its steps still go on.
async function endLock(
  session: HostSession,
  become: string | undefined,
  { run }: LockRefusal,
): Promise<boolean> {
  const section = { id: 'end', script: endLockScript(run), stopOnFailure: false, become };
  return (await session.run([section], { prelude: statePrelude })).get('end')?.code === 0;
}

function throwIfRefused(host: ManagedHost, outputs: Outputs): void {
  const lock = outputs.get('lock');
  if (!lock || lock.code === 0) return;
  const refusal = refusalIn(outputs);
  if (refusal) throw new HostLocked(refusalText(refusal, commandOn(host)));
  const said = lock.stderr.toString('utf8').trim();
  throw new HostRefused(`the host's lock cannot be taken: ${said || noReason(lock.code)}`);
}

// What a person puts before a command for the user that keeps the host's lock.
function commandOn({ name, stateOwner, session }: ManagedHost): string {
  const method = session?.method ?? 'sudo';
  // su takes its command as one word, which two shells would have to leave alone.
  if (stateOwner !== undefined && method === 'su') return `on ${name}, as ${stateOwner}:`;
  const becoming = stateOwner === undefined ? '' : method;
  return `${session?.local ? '' : `ssh ${name} `}${becoming}`.trimEnd();
}
