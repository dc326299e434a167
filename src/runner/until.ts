import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskInstance } from '../planner/instance.ts';
import type { Ready } from '../planner/question.ts';
import type { HostStage } from './host-stage.ts';
import type { ItemResult } from './item-results.ts';
import { failedOutcome } from './outcome.ts';
import { resultVariables } from './settlement.ts';
import { Halted } from './task-run.ts';

/** Tries a task again, `retries` times at the most, until its `until` holds for every item. */
export async function untilMet(
  stage: HostStage,
  instance: TaskInstance,
  ready: Ready,
  first: readonly ItemResult[],
  again: () => Promise<readonly ItemResult[]>,
): Promise<readonly ItemResult[]> {
  const { task } = instance;
  let results = first;
  for (let tries = 1; !met(stage, instance, ready, results); tries++) {
    if (tries > task.retries) {
      const conditions = task.until?.map(({ value }) => value).join(' and ');
      const tired = `until did not hold after ${tries} tries: ${conditions}`;
      return results.map((result) => ({ ...result, outcome: failedOutcome(tired, result.outcome.output) }));
    }
    const { stop } = stage.context.request;
    await sleep(task.delay * 1000, undefined, { signal: stop }).catch(() => {
      throw new Halted();
    });
    results = await again();
  }
  return results;
}

function met(
  stage: HostStage,
  instance: TaskInstance,
  ready: Ready,
  results: readonly ItemResult[],
): boolean {
  const { task } = instance;
  return results.every(({ outcome, item }) => {
    if (outcome.status === 'skipped') return true;
    const added = resultVariables(task, outcome, item, ready.looped);
    const verdict = stage.judge(task.until ?? [], instance, added);
    return verdict.kind === 'value' && verdict.holds;
  });
}
