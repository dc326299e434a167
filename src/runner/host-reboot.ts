import { setTimeout as pause } from 'node:timers/promises';
import type { RebootStep } from '../resources/step.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { RunError, UnreachableError } from '../transport/connection.ts';
import type { HostSection } from './host-section.ts';
import type { HostSession } from './host-session.ts';
import type { RunRequest } from './request.ts';
import { scriptOutput } from './section-text.ts';

// A host whose key has changed is not the one that was restarted.
const final: readonly string[] = ['unknown-host-key', 'changed-host-key', 'revoked-host-key', 'name'];

/** Milliseconds between two attempts to reach a host that is on its way. */
const between = 1000;

type Session = Pick<HostSession, 'local' | 'run' | 'renew'>;

/** Restarts a host and waits until it can be worked with again; says in its output how many seconds that took. */
export async function rebootHost(
  { stop, kill }: Pick<RunRequest, 'stop' | 'kill'>,
  session: Session,
  step: RebootStep,
  become: string | undefined,
): Promise<ScriptOutput> {
  if (session.local) return failure('Running reboot with local connection would reboot the control node.');
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const look = async (script: string, prelude?: string): Promise<ScriptOutput> => {
    const section: HostSection = { id: 'reboot', script, stopOnFailure: true, become, foreign: true };
    const outputs = await session.run([section], { ...(prelude !== undefined && { prelude }), urgent: true });
    return scriptOutput(outputs.get('reboot'));
  };
  const before = await look(step.boot);
  if (before.code !== 0) return failure(`cannot say which boot this is: ${before.stderr.trim()}`);
  const sent = await look(step.script);
  if (sent.code !== 0) return sent;
  let why = 'it is still the same boot';
  while (elapsed() < step.patience) {
    if (stop.aborted || kill.aborted) return failure('the run was stopped while the host restarted');
    await pause(between);
    try {
      await session.renew();
      const now = await look(step.boot);
      if (now.code !== 0 || now.stdout === before.stdout) continue;
      const usable = await look(step.test);
      if (usable.code === 0) {
        await pause(step.settle * 1000, undefined, { signal: kill }).catch(() => undefined);
        return { code: 0, stdout: String(Math.round(elapsed())), stderr: '' };
      }
      why = `the test command fails: ${usable.stderr.trim() || `exit code ${usable.code}`}`;
    } catch (error) {
      const known = error instanceof UnreachableError || error instanceof RunError;
      if (!known || final.includes(error.code)) throw error;
      why = error.message;
    }
  }
  return failure(`Timed out waiting for the host to be back after ${step.patience} s: ${why}`);
}

function failure(stderr: string): ScriptOutput {
  return { code: 1, stdout: '', stderr };
}
