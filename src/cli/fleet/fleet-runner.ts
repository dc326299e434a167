import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProvisionError } from '../../errors/problem.ts';
import { fleetRuns } from '../../fleet/fleet-runs.ts';
import { Following, stopRun } from '../../fleet/following.ts';
import { type Fleet, handOver, type Loaded } from '../../fleet/handover.ts';
import type { RunReport } from '../../report/run-report.ts';
import { type RunOutcome, type RunRequest, timeOver } from '../../runner/request.ts';
import type { RunOptions } from '../command-options.ts';
import { terminalClosed } from '../interruption.ts';
import { askLine, PromptInterrupted } from '../secret-prompt.ts';
import { vaultPasswords } from '../vault-passwords.ts';
import { refuseLocal } from './local-options.ts';
import { withFleet } from './opened-fleet.ts';

/** What Ctrl-C does to a run of the fleet. */
export const interruptedFleet = 'interrupted: the workers go on meanwhile';

const shipped = ['roles', 'playbooks'].map((name) =>
  fileURLToPath(new URL(`../../../${name}`, import.meta.url)),
);

/** Gives what runs a request on the fleet instead of here; throws ProvisionError for options that only make sense here. */
export function fleetRunner(
  options: RunOptions,
  report: RunReport,
  version: string,
): (request: RunRequest) => Promise<RunOutcome> {
  refuseLocal(options);
  return async (request) => {
    const loaded: Loaded = {
      // Files by their whole paths: a worker finds them in the bundle.
      extraVars: (options.extraVars ?? []).map((one) =>
        one.replace(/^@(.*)$/s, (_, file) => `@${resolve(file)}`),
      ),
      startAtTask: options.startAtTask,
      vaultPasswords: await vaultPasswords(options),
      login: { user: options.user },
      verbose: options.verbose === true,
      version,
      shipped,
    };
    return await withFleet(async (fleet) => {
      const run = await handOver(fleet, request, loaded);
      const number = (await fleetRuns(fleet.database, 50)).find(({ id }) => id === run)?.number ?? 0;
      report.notice(`handed over to the fleet as run ${number}`);
      return await followRun(fleet, { id: run, number }, request, report);
    });
  };
}

/** Shows a run of the fleet to its end, or until the person leaves it. */
export async function followRun(
  fleet: Fleet,
  run: { readonly id: string; readonly number: number },
  { report: take, stop, kill }: Pick<RunRequest, 'report' | 'stop' | 'kill'>,
  report: RunReport,
): Promise<RunOutcome> {
  const leave = new AbortController();
  const detach = (): void => {
    report.notice(`run ${run.number} goes on; to see it again: provision attach ${run.number}`);
    leave.abort();
  };
  const decide = async (): Promise<void> => {
    const wanted =
      stop.reason === terminalClosed ? 'detach' : stop.reason === timeOver ? 'stop' : await wish(report);
    if (wanted === 'detach') return detach();
    report.notice('the workers finish the steps in flight and stop');
    await stopRun(fleet, run.id).catch((error: Error) =>
      report.notice(`it cannot be stopped now: ${error.message}`),
    );
  };
  stop.addEventListener('abort', () => void decide(), { once: true });
  kill.addEventListener('abort', detach, { once: true });
  const followed = await new Following(fleet, run.id, report.notice).follow(take, leave.signal);
  if (followed.left) return { exitCode: 130, changed: false };
  return { exitCode: followed.exitCode as RunOutcome['exitCode'], changed: followed.changed };
}

// Without a terminal nobody can be asked: a run that is interrupted stops, as it does without a fleet.
async function wish(report: RunReport): Promise<'detach' | 'stop'> {
  try {
    const question = 'detach from the run, which goes on, or stop it? [detach/stop] ';
    const answer = await report.aside(() => askLine(question, '--fleet'));
    return /^s/i.test(answer?.trim() ?? '') ? 'stop' : 'detach';
  } catch (error) {
    if (error instanceof PromptInterrupted || error instanceof ProvisionError) return 'stop';
    throw error;
  }
}
