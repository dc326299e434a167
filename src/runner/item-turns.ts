import { effectOf } from '../planner/item-plan.ts';
import { firstOverlap } from '../planner/overlap.ts';
import { alteredPaths } from './advance.ts';
import { appliedResults, withItems } from './applying.ts';
import type { HostStage } from './host-stage.ts';
import type { ItemResult } from './item-results.ts';
import type { TaskRun } from './task-run.ts';

/** The first item behind `from` that an item before it may decide over: it must be looked at again. */
function turnAfter(run: TaskRun, from: number): number {
  const { plans, ready, resource } = run;
  for (let item = from + 1; item < plans.length; item++) {
    const args = ready.items[item]?.args;
    if (plans[item] === undefined) continue;
    const altered = alteredPaths([withItems(run, (other) => other >= from && other < item)]);
    const own = resource.paths?.(args) ?? [];
    // A command runs whatever was before it.
    const depends = altered ? firstOverlap(own, altered) !== undefined : resource.repeats?.(args) !== true;
    if (depends) return item;
  }
  return plans.length;
}

/** Applies a loop whose items touch the same things: some items, a new look at the rest, and so on. */
export async function inTurns(
  stage: HostStage,
  run: TaskRun,
  lookAgain: () => Promise<TaskRun>,
): Promise<readonly ItemResult[]> {
  const results: ItemResult[] = [];
  let current = run;
  for (let from = 0; from < run.plans.length; ) {
    const next = turnAfter(current, from);
    stage.board.check();
    const part = withItems(current, (item) => item >= from && item < next);
    results.push(...(await appliedResults(stage, part)).slice(from, next));
    if (next < run.plans.length) current = await lookAgain();
    from = next;
  }
  return results;
}

/** Whether any item must be done before the rest is looked at. */
export function needsTurns(run: TaskRun): boolean {
  const changes = run.plans.some(
    (plan, item) =>
      plan?.status === 'changed' && effectOf(run.resource, run.ready.items[item]?.args) !== 'read',
  );
  return changes && turnAfter(run, 0) < run.plans.length;
}
