import type { Problem } from '../errors/problem.ts';
import type { HostValue } from '../language/evaluate/host-memory.ts';
import type { ItemPlan } from '../planner/item-plan.ts';
import type { AnyHostResource, Change, ControlOutcome, Json } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { Status } from './events.ts';

/** How one item of a task ended, before changed_when and failed_when had their say. */
export interface Outcome {
  readonly status: Status;
  readonly changes: readonly Change[];
  readonly message?: string;
  /** What to do about a failure, where that is known. */
  readonly hint?: string;
  /** Each is an event of its own. */
  readonly warnings?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly output?: ScriptOutput;
  /** It was ended, for its `timeout` was over: neither `failed_when` nor `until` has a say. */
  readonly overdue?: true;
  /** What `register` sees. */
  readonly result: { readonly [key: string]: Json };
}

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

const verdict = (status: Status) => ({
  changed: status === 'changed',
  failed: status === 'failed',
  // Playbooks recognize skipped items by `skipped is defined`.
  ...(status === 'skipped' && { skipped: true }),
});

/** An item whose condition was false. */
export function skippedOutcome(condition: string): Outcome {
  const message = `condition false: ${condition}`;
  const reason = { skip_reason: 'Conditional result was False', false_condition: condition };
  return { status: 'skipped', changes: [], message, result: { ...verdict('skipped'), ...reason } };
}

/** An item of which check mode cannot know what will become of it. */
export function unknownOutcome(dependsOn: readonly string[]): Outcome {
  return { status: 'unknown', changes: [], dependsOn, result: {} };
}

/** What a problem of an evaluation says of itself: what is wrong, then why and where. */
export function reasonOf({ message, why }: Problem): string {
  return why === undefined ? message : `${message}: ${why}`;
}

/** An item that cannot go on because a value of it could not be evaluated. */
export function failedEvaluation(problem: Problem): Outcome {
  const { hint } = problem;
  return { ...failedOutcome(reasonOf(problem)), ...(hint !== undefined && { hint }) };
}

/** An item that cannot go on; what it printed is registered for a resource that registers it of success, too. */
export function failedOutcome(message: string, output?: ScriptOutput, resource?: AnyHostResource): Outcome {
  const overdue = output?.endedAfter !== undefined;
  const result = { ...(output && failureFields(output, resource)), ...verdict('failed'), msg: message };
  return {
    status: 'failed',
    changes: [],
    message,
    result,
    ...(output && { output }),
    ...(overdue && { overdue }),
  };
}

/** A command that ended with a failure: what it printed is registered as if it had not failed. */
export function failedRunOutcome(
  message: string,
  resource: AnyHostResource,
  args: unknown,
  have: unknown,
  output: ScriptOutput,
): Outcome {
  const failed = failedOutcome(message, output, resource);
  if (!resource.repeats?.(args) && !resource.gives?.includes('rc')) return failed;
  return {
    ...failed,
    result: {
      ...failed.result,
      ...resource.result?.(args, have, [output], have),
      failed: true,
      ...(output.endedAfter !== undefined && { msg: message }),
    },
  };
}

/** An item that needed nothing, was planned in check mode, or could not be planned. */
export function plannedOutcome(plan: ItemPlan, resource: AnyHostResource, args: unknown): Outcome {
  if (plan.status === 'failed') {
    const failed = failedOutcome(plan.message, plan.output, resource);
    // Its own message is that of Ansible's module.
    const { msg = failed.result.msg ?? '', ...own } = plan.result ?? {};
    return { ...failed, result: { ...own, ...failed.result, msg } };
  }
  if (plan.status === 'unknown') {
    return { status: 'unknown', changes: [], dependsOn: plan.dependsOn, result: verdict('unknown') };
  }
  const changes = plan.status === 'changed' ? plan.changes : [];
  const result = { ...resource.result?.(args, plan.have, [], plan.have), ...verdict(plan.status) };
  return { status: plan.status, changes, result };
}

/**
 * An item whose steps ran without an error.
 * @param have what there is now, where the host was asked again
 */
export function appliedOutcome(
  plan: Extract<ItemPlan, { status: 'changed' }>,
  resource: AnyHostResource,
  args: unknown,
  outputs: readonly ScriptOutput[],
  have: unknown = plan.have,
): Outcome {
  const last = outputs.at(-1);
  const output = last && (resource.gives?.includes('stdout') ? last : { ...last, stdout: '' });
  const result = { ...resource.result?.(args, have, outputs, plan.have), ...verdict('changed') };
  return { status: 'changed', changes: plan.changes, result, ...(output && { output }) };
}

/** What a control resource decided. */
export function controlOutcome(decided: ControlOutcome): Outcome {
  const { status, message, warnings = [] } = decided;
  if (status === 'failed') {
    const failed = failedOutcome(message ?? 'failed');
    return { ...failed, warnings, result: { ...failed.result, ...decided.result } };
  }
  const shown = { ...(message !== undefined && { message }), warnings };
  return { status, changes: [], result: { ...decided.result, ...verdict(status) }, ...shown };
}

// What most resources print is for us: only what they make of it is registered.
function failureFields(
  { code, stdout, stderr, endedAfter }: ScriptOutput,
  resource: AnyHostResource | undefined,
): { readonly [key: string]: Json } {
  const timedout = endedAfter === undefined ? {} : { timedout: { period: endedAfter } };
  return { rc: code, ...(resource?.gives?.includes('stdout') && { stdout }), stderr, ...timedout };
}

/** What the result of a loop says none of whose items had anything to do. */
export const allSkipped = 'All items skipped';

/** How the loop of a task calls things. */
interface RegisteredLoop {
  readonly variable: string;
  readonly index: string | undefined;
  readonly items: readonly unknown[];
}

/** What `register` gives the task's variable: the item's own result, or all of them under `results`. */
export function registered(
  outcomes: readonly Outcome[],
  loop: RegisteredLoop | undefined,
): { readonly [key: string]: Json } {
  if (!loop) return outcomes[0]?.result ?? verdict('ok');
  const results = outcomes.map(({ result }, index) => ({
    ...result,
    [loop.variable]: (loop.items[index] ?? null) as Json,
    ansible_loop_var: loop.variable,
    ...(loop.index !== undefined && { [loop.index]: index, ansible_index_var: loop.index }),
  }));
  const skipped = outcomes.every(({ status }) => status === 'skipped');
  const failed = outcomes.some(({ status }) => status === 'failed');
  return {
    results,
    msg: skipped ? allSkipped : failed ? 'One or more items failed' : 'All items completed',
    changed: outcomes.some(({ status }) => status === 'changed'),
    failed,
    skipped,
    ...(outcomes.length === 0 && { skipped_reason: 'No items in the list' }),
  };
}

/**
 * What the variable of `register` means from now on.
 * @param planned names the task when a command of it was only planned: its output is unknown
 */
export function registeredValue(
  outcomes: readonly Outcome[],
  loop: Parameters<typeof registered>[1],
  planned: readonly string[] | undefined,
): HostValue {
  const unknown = outcomes.find(({ status }) => status === 'unknown');
  if (unknown) return { kind: 'unknown', dependsOn: unknown.dependsOn ?? [] };
  if (planned) return { kind: 'unknown', dependsOn: planned };
  return { kind: 'value', value: registered(outcomes, loop) };
}

/** A command that check mode did not run. */
export function isPlannedCommand({ status, changes, output }: Outcome): boolean {
  return (
    status === 'changed' && output === undefined && changes.some(({ attribute }) => attribute === 'command')
  );
}
