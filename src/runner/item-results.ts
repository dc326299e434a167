import { planItem } from '../planner/item-plan.ts';
import type { AnyHostResource, Change, ProbeOptions, ScriptOutput } from '../resources/resource.ts';
import type { Advanced } from './advance.ts';
import {
  appliedOutcome,
  failedOutcome,
  failedRunOutcome,
  type Outcome,
  plannedOutcome,
  skippedOutcome,
  unknownOutcome,
} from './outcome.ts';
import type { TaskRun } from './task-run.ts';

/** How one item of a task ended, and which item it was. */
export interface ItemResult {
  readonly outcome: Outcome;
  readonly item: unknown;
  readonly label: string | undefined;
}

/** The result of a task that has come to an end before its items were looked at. */
export function soleResult(outcome: Outcome): ItemResult {
  return { outcome, item: undefined, label: undefined };
}

/** Reads from a program's output how the items of its n-th task run ended. */
export function itemResults(
  run: TaskRun,
  advanced: Advanced,
  n: number,
  options: ProbeOptions,
): readonly ItemResult[] {
  const { ready, plans, resource } = run;
  return ready.items.map(({ args, item, label, skippedBy }, index) => {
    const plan = plans[index];
    if (!plan) return { item, label, outcome: skippedOutcome(skippedBy ?? '') };
    if (plan.status !== 'changed') return { item, label, outcome: plannedOutcome(plan, resource, args) };
    const output = advanced.step(n, index);
    if (!output) return { item, label, outcome: failedOutcome('not begun: something before it failed') };
    if (output.code !== 0) {
      return {
        item,
        label,
        outcome: failedRunOutcome(exitMessage(output), resource, args, plan.have, output),
      };
    }
    const still = stillDiffers(resource, args, advanced.again(n, index), options);
    const outcome = still ? failedOutcome(still, output) : appliedOutcome(plan, resource, args, output);
    return { item, label, outcome };
  });
}

/** How a declared look ended: its output counts, it never changes anything. */
export function lookOutcome(
  resource: AnyHostResource,
  args: unknown,
  output: ScriptOutput,
  planned: readonly string[],
): Outcome {
  if (output.code !== 0 && planned.length > 0) return unknownOutcome(planned);
  if (output.code !== 0) return failedRunOutcome(exitMessage(output), resource, args, undefined, output);
  const changes: readonly Change[] = [];
  return {
    ...appliedOutcome({ status: 'changed', have: undefined, changes, steps: [] }, resource, args, output),
    status: 'ok',
  };
}

// The first line of a long text tells what failed, the last ones why it ended.
function exitMessage({ code, stderr, stdout, refused }: ScriptOutput): string {
  if (refused !== undefined) return refused;
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  const said = (lines.length > 5 ? [lines[0], '...', ...lines.slice(-4)] : lines).join('\n');
  return said ? `exit code ${code}: ${said}` : `exit code ${code}`;
}

// What was applied must be what was wanted: the same probe may find no difference any more.
function stillDiffers(
  resource: AnyHostResource,
  args: unknown,
  again: ScriptOutput | undefined,
  options: ProbeOptions,
): string | undefined {
  if (!again) return undefined;
  const plan = planItem(resource, args, again, options, undefined);
  if (plan.status === 'ok') return undefined;
  if (plan.status === 'failed') return `applied, but then: ${plan.message}`;
  const changes = plan.status === 'changed' ? plan.changes : [];
  const differing = changes.map(
    ({ attribute, from, to }) => `${attribute} is ${from ?? 'missing'}, not ${to ?? 'as wanted'}`,
  );
  return `applied, but it still differs (${differing.join('; ')}): something else sets it back, or it cannot be reached`;
}
