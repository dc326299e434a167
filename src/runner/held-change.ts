import { thrownText } from '../errors/thrown-text.ts';
import type { HeldStep } from '../resources/step.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { type HoldableHost, holdableHost, misnamedHosts } from './holdable-hosts.ts';
import type { HostSection } from './host-section.ts';
import type { HostSession, ProgramStyle } from './host-session.ts';
import { stepsPrelude } from './rollback.ts';
import type { RunContext } from './run-context.ts';
import { failureText, scriptOutput } from './section-text.ts';

/** How long other hosts were held for a change. */
export interface HeldTime {
  readonly hosts: number;
  /** From the first hold to the last release. */
  readonly milliseconds: number;
}

/** What came of a change, and for how long hosts were held for it. */
export interface HeldOutput {
  readonly output: ScriptOutput;
  readonly time?: HeldTime;
}

/** A change that is made while other hosts are held. */
export interface HeldPart {
  readonly held: HeldStep;
  /** Makes the change, when all are held. */
  readonly change: HostSection;
  /** Of the task. */
  readonly name: string;
  /** Nothing that its scripts print is shown. */
  readonly hidden: boolean;
}

/** The host that makes the change. */
export interface ActingHost {
  readonly name: string;
  readonly session: HostSession;
}

/**
 * Makes a change while the hosts that it names are held; releases each of them again, whatever came of it.
 * Programs of their own wait meanwhile, so that they neither see nor end the hold.
 */
export async function changeHeld(
  context: RunContext,
  acting: ActingHost,
  part: HeldPart,
  style: ProgramStyle,
): Promise<HeldOutput> {
  const names = [...new Set(part.held.hosts)];
  const faults = misnamedHosts(context, acting.name, names);
  if (faults.length > 0) return { output: notRun(faults.join('\n')) };
  return await context.holds.within(async () => {
    const closed = names.map((name) => holdableHost(context, name)).filter((one) => typeof one !== 'string');
    await Promise.all(closed.map(({ session }) => session.gate.close()));
    for (const { host } of closed)
      context.watch(host.name, { at: 'wait', kind: 'hold', until: `'${part.name}' on ${acting.name}` });
    try {
      // One may have been lost while the others were waited for.
      const hosts = names.flatMap((name) => {
        const one = holdableHost(context, name);
        if (typeof one !== 'string') return one;
        notHeld(context, acting, part, name, one);
        return [];
      });
      return await heldChange(context, acting, part, style, { hosts, missing: names.length - hosts.length });
    } finally {
      for (const { host, session } of closed) {
        // Its services were stopped and started: what it answered about them before is old.
        host.answers.forget(undefined);
        session.gate.open();
        context.watch(host.name, { at: 'wait', kind: 'hold' });
      }
    }
  });
}

function notHeld(context: RunContext, acting: ActingHost, part: HeldPart, host: string, why: string): void {
  const message = `not held while ${acting.name} runs '${part.name}': ${why}; lines that it sends meanwhile may be lost`;
  context.emit({ type: 'warning', message, host });
}

async function heldChange(
  context: RunContext,
  acting: ActingHost,
  part: HeldPart,
  style: ProgramStyle,
  { hosts, missing }: { readonly hosts: readonly HoldableHost[]; readonly missing: number },
): Promise<HeldOutput> {
  const began = performance.now();
  const { change, held } = part;
  let output: ScriptOutput;
  try {
    const holds = await Promise.all(
      hosts.map(async (one) => ({ name: one.host.name, trouble: await attempt(one, 'hold', held) })),
    );
    const failed = holds.flatMap(({ name, trouble }) =>
      trouble === undefined || trouble.overdue ? [] : `${name} could not be held: ${trouble.message}`,
    );
    if (failed.length === 0) {
      // One that does not come to an end must not keep the others held, nor the change from being made.
      const late = holds.flatMap(({ name, trouble }) => (trouble ? [{ name, trouble }] : []));
      for (const { name, trouble } of late) notHeld(context, acting, part, name, trouble.message);
      const script = `provision_unheld=${missing + late.length}\n${change.script}`;
      const urgent = { ...style, urgent: true, answersRefusal: true };
      output = scriptOutput((await acting.session.run([{ ...change, script }], urgent)).get(change.id));
    } else
      output = notRun(
        [...failed, 'nothing was changed, and the hosts that were held are released'].join('\n'),
      );
  } finally {
    await Promise.all(hosts.map((one) => release(context, acting, part, one)));
  }
  const time = { hosts: hosts.length, milliseconds: Math.round(performance.now() - began) };
  return hosts.length > 0 ? { output, time } : { output };
}

async function release(
  context: RunContext,
  acting: ActingHost,
  { held, name, hidden }: HeldPart,
  one: HoldableHost,
): Promise<void> {
  const trouble = await attempt(one, 'release', held);
  if (trouble === undefined) return;
  const reason = hidden ? 'the reason is hidden because of no_log' : trouble.message;
  const message = `held while ${acting.name} ran '${name}', and could not be released: ${reason}; the dead-man's timer of its hold ends it`;
  context.emit({ type: 'warning', message, host: one.host.name });
}

/** Why a host could not be held or released. */
interface Trouble {
  readonly message: string;
  /** It had not come to an end in time. */
  readonly overdue: boolean;
}

// How much longer a host is waited for that does not even say that it has ended what took too long.
const silence = 10;

// Says what went wrong. Never throws, and comes to an end: the other hosts must be released whatever happens to this one.
async function attempt(
  { host, session }: HoldableHost,
  id: 'hold' | 'release',
  { [id]: script, patience }: HeldStep,
): Promise<Trouble | undefined> {
  host.touch();
  const late = new Error(`its ${id} did not end within ${patience} s`);
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(late), (patience + silence) * 1000);
  try {
    const style = { prelude: stepsPrelude(undefined), urgent: true, answersRefusal: true };
    // In a shell of its own: what goes wrong in it must not end the one that has the host's lock.
    const timeout = patience;
    const section = { id, script, stopOnFailure: false, become: host.stateOwner, foreign: true, timeout };
    const outputs = await Promise.race([session.run([section], style), over.promise]);
    const ended = outputs.get(id);
    host.touch();
    if (ended?.endedAfter !== undefined) return { message: late.message, overdue: true };
    const output = scriptOutput(ended);
    return output.code === 0 ? undefined : { message: failureText(output), overdue: false };
  } catch (error) {
    const message = thrownText(error);
    return { message, overdue: error === late };
  } finally {
    clearTimeout(timer);
  }
}

function notRun(refused: string): ScriptOutput {
  return { code: 1, stdout: '', stderr: refused, refused };
}
