import { hiddenOutput } from './hidden-values.ts';
import type { HostApplies, HostAsks, HostPlace } from './host-ports.ts';
import { handlersOf } from './notification.ts';
import { allSkipped, type ItemResult, isPlannedCommand, registered, registeredValue } from './outcome.ts';
import { settle } from './settlement.ts';
import { TaskFailure } from './task-failure.ts';
import { visibleMessage } from './task-reporting.ts';
import type { EndedTurn } from './turn.ts';

type Stage = HostPlace & HostAsks & HostApplies;

/** Lets conditions overrule the outcomes of a task, registers them, notifies, reports them in order; throws TaskFailure. */
export async function finishTask(
  stage: Stage,
  turn: EndedTurn,
  results: readonly ItemResult[],
): Promise<void> {
  const { instance, name, ready, began } = turn;
  const { task } = instance;
  const { host, context } = stage;
  const checks = stage.checks(task);
  const settled = results.map(({ outcome, item, label }) => ({
    label,
    item,
    outcome: ready ? settle(outcome, instance, item, ready, stage.judge, checks) : outcome,
  }));
  const outcomes = settled.map(({ outcome }) => outcome);
  if (task.noLog) context.request.hide(outcomes.flatMap(({ result }) => hiddenOutput(task, result)));
  const loop = ready?.looped
    ? { variable: task.loopVar, index: task.indexVar, items: settled.map(({ item }) => item) }
    : undefined;
  const planned = checks && results.some(({ outcome }) => isPlannedCommand(outcome));
  const found = registeredValue(outcomes, loop, planned ? [name] : undefined);
  // A loop that was skipped as a whole has results, one for each item.
  const skipped = !ready && task.loop !== undefined && found.kind === 'value';
  const each = (turn.skippedItems ?? []).map((item) => ({
    ...Object(found.kind === 'value' ? found.value : {}),
    [task.loopVar]: item,
    ansible_loop_var: task.loopVar,
  }));
  const value = skipped
    ? { ...found, value: { ...Object(found.value), msg: allSkipped, results: each } }
    : found;
  if (task.register !== undefined) host.put(task.register, value);
  const changed = settled.flatMap(({ outcome, item }) => (outcome.status === 'changed' ? [item] : []));
  const foreseen = host.takeForeseen(instance);
  const handlers = handlersOf(stage, instance, changed, ready?.looped === true);
  host.notify(handlers.filter((handler) => !foreseen?.has(handler)));
  const failure = outcomes.find(({ status }) => status === 'failed');
  const ignored = failure !== undefined && ignores(stage, turn);
  const report = () => {
    for (const { outcome, label } of settled) {
      const rescued = instance.guarded && !ignored;
      context.reporting.item(host, instance, name, outcome, { label, ignored, rescued, began });
    }
  };
  const survey = context.request.survey === true && !instance.guarded;
  if (failure && !ignored && !survey) {
    await stage.advance();
    report();
    const message = visibleMessage(task, failure) ?? 'failed';
    const hint = task.noLog ? undefined : failure.hint;
    throw new TaskFailure(instance, name, message, registered(outcomes, loop), hint);
  }
  if (host.queue.length > 0) host.queue.push({ report });
  else report();
}

function ignores(stage: HostAsks, { instance }: EndedTurn): boolean {
  const { ignoreErrors } = instance.task;
  if (!ignoreErrors) return false;
  const verdict = stage.judge([ignoreErrors], instance, new Map());
  return verdict.kind === 'value' && verdict.holds;
}
