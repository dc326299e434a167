import { effectOf } from '../planner/item-plan.ts';
import { PathIndex } from '../planner/path-index.ts';
import type { Question } from '../planner/question.ts';
import { alteredBy } from './advance.ts';
import { appliedResults, withItems } from './applying.ts';
import type { HostApplies, HostAsks, HostPlace } from './host-ports.ts';
import type { ItemResult } from './outcome.ts';
import type { PlannedTurn } from './turn.ts';

/** The first item behind `from` that an item before it may decide over: it must be looked at again. */
function turnAfter(run: PlannedTurn, from: number): number {
  const { plans, ready, resource } = run;
  const altered = new PathIndex<true>();
  let opaque = false;
  for (let item = from; item < plans.length; item++) {
    const plan = plans[item];
    if (plan === undefined) continue;
    const args = ready.items[item]?.args;
    // A command runs whatever was before it.
    const depends = opaque
      ? resource.repeats?.(args) !== true
      : altered.overlapping(resource.paths?.(args) ?? []) !== undefined;
    if (item > from && depends) return item;
    const paths = alteredBy(resource, args, plan);
    if (paths === undefined) opaque = true;
    else for (const path of paths) altered.set(path, true);
  }
  return plans.length;
}

/**
 * Applies a loop whose items touch the same things: some items, a new look at the rest, and so on.
 * @param rest what the items behind an item ask; it travels with the steps before them
 */
export async function inTurns(
  stage: HostPlace & HostAsks & HostApplies,
  run: PlannedTurn,
  rest: (from: number) => readonly Question[],
  planAgain: () => Promise<PlannedTurn>,
): Promise<readonly ItemResult[]> {
  const results: ItemResult[] = [];
  let current = run;
  for (let from = 0; from < run.plans.length; ) {
    const next = turnAfter(current, from);
    stage.board.check();
    const part = withItems(current, (item) => item >= from && item < next);
    const ended =
      run.ready.delegateTo === undefined
        ? await stage.applied(part, rest(next))
        : await appliedResults(stage, part);
    results.push(...ended.slice(from, next));
    if (next < run.plans.length) current = await planAgain();
    from = next;
  }
  return results;
}

/** Whether any item must be done before the rest is looked at. */
export function needsTurns(run: PlannedTurn): boolean {
  const changes = run.plans.some(
    (plan, item) =>
      plan?.status === 'changed' && effectOf(run.resource, run.ready.items[item]?.args) !== 'read',
  );
  return changes && turnAfter(run, 0) < run.plans.length;
}
