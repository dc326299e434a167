import type { HeldStep } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { type HoldableHost, holdableHost, misnamedHosts } from './holdable-hosts.ts';
import type { HostSection, HostSession, ProgramStyle } from './host-session.ts';
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
    try {
      // One may have been lost while the others were waited for.
      const hosts = names.flatMap((name) => {
        const one = holdableHost(context, name);
        if (typeof one !== 'string') return one;
        const message = `not held while ${acting.name} runs '${part.name}': ${one}; lines that it sends meanwhile may be lost`;
        context.emit({ type: 'warning', message, host: name });
        return [];
      });
      const script = `provision_unheld=${names.length - hosts.length}\n${part.change.script}`;
      const change = { ...part.change, script };
      return await heldChange(context, acting, { ...part, change }, style, hosts);
    } finally {
      for (const { host, session } of closed) {
        // Its services were stopped and started: what it answered about them before is old.
        host.answers.forget(undefined);
        session.gate.open();
      }
    }
  });
}

async function heldChange(
  context: RunContext,
  acting: ActingHost,
  part: HeldPart,
  style: ProgramStyle,
  hosts: readonly HoldableHost[],
): Promise<HeldOutput> {
  const began = performance.now();
  const { change, held } = part;
  let output: ScriptOutput;
  try {
    const holds = await Promise.all(
      hosts.map(async (one) => ({ name: one.host.name, trouble: await attempt(one, 'hold', held.hold) })),
    );
    const failed = holds.flatMap(({ name, trouble }) =>
      trouble === undefined ? [] : `${name} could not be held: ${trouble}`,
    );
    if (failed.length === 0) {
      const urgent = { ...style, urgent: true, answersRefusal: true };
      output = scriptOutput((await acting.session.run([change], urgent)).get(change.id));
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
  const trouble = await attempt(one, 'release', held.release);
  if (trouble === undefined) return;
  const reason = hidden ? 'the reason is hidden because of no_log' : trouble;
  const message = `held while ${acting.name} ran '${name}', and could not be released: ${reason}; the dead-man's timer of its hold ends it`;
  context.emit({ type: 'warning', message, host: one.host.name });
}

// Says what went wrong. Never throws: the other hosts must be released whatever happens to this one.
async function attempt(
  { host, session }: HoldableHost,
  id: 'hold' | 'release',
  script: string,
): Promise<string | undefined> {
  host.touch();
  try {
    const style = { prelude: stepsPrelude(undefined), urgent: true, answersRefusal: true };
    // In a shell of its own: what goes wrong in it must not end the one that has the host's lock.
    const section = { id, script, stopOnFailure: false, become: host.stateOwner, foreign: true };
    const outputs = await session.run([section], style);
    const output = scriptOutput(outputs.get(id));
    host.touch();
    return output.code === 0 ? undefined : failureText(output);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function notRun(refused: string): ScriptOutput {
  return { code: 1, stdout: '', stderr: refused, refused };
}
