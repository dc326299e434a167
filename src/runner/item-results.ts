import { type ItemPlan, planItem } from '../planner/item-plan.ts';
import type { Answered } from '../planner/question.ts';
import type { AnyHostResource, Change, ProbeOptions } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { Advanced } from './advance.ts';
import type { HeldTime } from './held-change.ts';
import {
  appliedOutcome,
  failedOutcome,
  failedRunOutcome,
  type ItemResult,
  type Outcome,
  plannedOutcome,
  skippedOutcome,
  unknownOutcome,
} from './outcome.ts';
import { failureText } from './section-text.ts';
import type { PlannedTurn } from './turn.ts';

/** Reads from a program's output how the items of its n-th task run ended. */
export function itemResults(
  run: PlannedTurn,
  advanced: Advanced,
  n: number,
  options: ProbeOptions,
): readonly ItemResult[] {
  const { ready, plans, resource } = run;
  return ready.items.map(({ args, item, label, skippedBy }, index) => {
    const plan = plans[index];
    if (!plan) return { item, label, outcome: skippedOutcome(skippedBy ?? '') };
    if (plan.status !== 'changed') return { item, label, outcome: plannedOutcome(plan, resource, args) };
    const outcome = steppedOutcome(run, plan, index, advanced, n, options);
    return { item, label, outcome: withHeldTime(outcome, advanced.held(n, index)) };
  });
}

// How an item ended whose steps were sent, or left out after a failure before them.
function steppedOutcome(
  { ready, resource }: PlannedTurn,
  plan: Extract<ItemPlan, { status: 'changed' }>,
  item: number,
  advanced: Advanced,
  n: number,
  options: ProbeOptions,
): Outcome {
  const args = ready.items[item]?.args;
  const outputs = advanced.steps(n, item);
  const output = outputs.find(({ code }) => code !== 0) ?? outputs.at(-1);
  if (!output) return failedOutcome(`not started: ${notStarted(advanced)}`);
  if (output.code !== 0) return failedRunOutcome(failureText(output), resource, args, plan.have, output);
  const after = askedAgain(resource, args, advanced.again(n, item), options);
  if (typeof after === 'string') return failedOutcome(after, output, resource);
  return appliedOutcome(plan, resource, args, outputs, after ? after.have : plan.have);
}

function notStarted({ barred }: Advanced): string {
  if (barred === undefined) return 'something before it failed';
  return `the host could not note what is to be done after it (${barred})`;
}

// Others waited for it: worth reporting, with what the change itself has to say.
function withHeldTime(outcome: Outcome, time: HeldTime | undefined): Outcome {
  if (!time) return outcome;
  const { hosts, milliseconds } = time;
  const held = `${hosts} host${hosts === 1 ? '' : 's'} held for ${(milliseconds / 1000).toFixed(2)} s`;
  const message = [held, outcome.output?.stderr.trim()].filter(Boolean).join('\n');
  const result = { ...outcome.result, held_milliseconds: milliseconds };
  return { ...outcome, message: outcome.message ?? message, result };
}

/** How a read-only command ended: its output counts, it never changes anything. */
export function readOnlyOutcome(
  resource: AnyHostResource,
  args: unknown,
  output: ScriptOutput,
  planned: readonly string[],
): Outcome {
  if (output.code !== 0 && planned.length > 0) return unknownOutcome(planned);
  if (output.code !== 0) return failedRunOutcome(failureText(output), resource, args, undefined, output);
  const changes: readonly Change[] = [];
  return {
    ...appliedOutcome({ status: 'changed', have: undefined, changes, steps: [] }, resource, args, [output]),
    status: 'ok',
  };
}

// What was applied must be what was wanted: the same probe may find no difference any more. What it found, or why not.
function askedAgain(
  resource: AnyHostResource,
  args: unknown,
  again: Answered | undefined,
  options: ProbeOptions,
): string | { readonly have: unknown } | undefined {
  if (!again) return undefined;
  const plan = planItem(resource, args, again, options, undefined);
  if (plan.status === 'ok') return { have: plan.have };
  if (plan.status === 'failed') return `applied, but then: ${plan.message}`;
  const changes = plan.status === 'changed' ? plan.changes : [];
  const differing = changes.map(
    ({ attribute, from, to }) => `${attribute} is ${from ?? 'missing'}, not ${to ?? 'as wanted'}`,
  );
  return `applied, but it still differs (${differing.join('; ')}): something else sets it back, or it cannot be reached`;
}
