import type { Problem } from '../errors/problem.ts';
import type { Source, Task } from '../language/model.ts';
import type { TaskInstance } from '../planner/instance.ts';
import { neverChanges, type Ready } from '../planner/question.ts';
import type { Json } from '../resources/resource.ts';
import type { Judge } from './host-ports.ts';
import { isPlannedCommand, type Outcome, reasonOf, unknownOutcome } from './outcome.ts';

/**
 * Lets failed_when and changed_when overrule how an item ended.
 * @param planned the item was only planned: a condition may need what only the change itself will show
 */
export function settle(
  outcome: Outcome,
  instance: TaskInstance,
  item: unknown,
  ready: Ready,
  judge: Judge,
  planned: boolean,
): Outcome {
  const { task } = instance;
  if (outcome.status === 'skipped' || outcome.status === 'unknown' || outcome.overdue) return outcome;
  if (isPlannedCommand(outcome)) return neverChanges(task) ? withStatus(outcome, 'ok') : outcome;
  const judged = (conditions: readonly Source[], current: Outcome) =>
    judge(conditions, instance, resultVariables(task, current, item, ready.looped));
  let current = outcome;
  const unknowable = planned && outcome.status === 'changed';
  if (task.failedWhen) {
    const verdict = judged(task.failedWhen, current);
    if (verdict.kind === 'failed' && unknowable) return unknownOutcome([ready.name]);
    if (verdict.kind === 'failed') return unjudged(current, verdict.problem);
    if (verdict.holds) {
      const failed = problemOutcome(current, `failed_when: ${verdict.condition}`);
      // What the module itself has to say stays, as with Ansible.
      const { msg = failed.result.msg ?? '' } = current.result;
      return { ...failed, result: { ...failed.result, msg, failed_when_result: true } };
    }
    current = { ...current, result: { ...current.result, failed_when_result: false } };
    // What was refused has changed nothing.
    if (current.status === 'failed') current = withStatus(current, current.output ? 'changed' : 'ok');
  }
  if (task.changedWhen && current.status !== 'failed') {
    const verdict = judged(task.changedWhen, current);
    if (verdict.kind === 'failed' && unknowable) return unknownOutcome([ready.name]);
    if (verdict.kind === 'failed') return unjudged(current, verdict.problem);
    current = withStatus(current, verdict.holds ? 'changed' : 'ok');
  }
  return current;
}

/** What a condition of a task sees beside the host's variables. */
export function resultVariables(
  task: Task,
  outcome: Outcome,
  item: unknown,
  looped: boolean,
): ReadonlyMap<string, unknown> {
  const variables = new Map<string, unknown>();
  if (task.register !== undefined) variables.set(task.register, outcome.result);
  if (looped) variables.set(task.loopVar, item);
  return variables;
}

function withStatus(outcome: Outcome, status: 'ok' | 'changed'): Outcome {
  const verdict: { readonly [key: string]: Json } = { changed: status === 'changed', failed: false };
  const { message: _, ...rest } = outcome;
  const kept = outcome.status === 'failed' || outcome.message === undefined ? rest : outcome;
  return {
    ...kept,
    status,
    changes: status === 'ok' ? [] : outcome.changes,
    result: { ...outcome.result, ...verdict },
  };
}

function unjudged(outcome: Outcome, problem: Problem): Outcome {
  const { hint } = problem;
  return { ...problemOutcome(outcome, reasonOf(problem)), ...(hint !== undefined && { hint }) };
}

function problemOutcome(outcome: Outcome, message: string): Outcome {
  const result = { ...outcome.result, failed: true, msg: message };
  return { ...outcome, status: 'failed', message, result };
}
