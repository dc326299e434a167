import { planFrom } from '../planner/item-plan.ts';
import { PathIndex } from '../planner/path-index.ts';
import type { PlannedTurn } from './turn.ts';

/**
 * Plans items of a loop that touch the same thing as if those before them had been made, where what these leave behind is
 * known: then no look at the host is needed in between. Undefined where it must be looked at.
 */
export function foldedItems(turn: PlannedTurn): PlannedTurn | undefined {
  const { resource, ready, instance } = turn;
  if (!resource.after || instance.task.until !== undefined || ready.delegateTo !== undefined)
    return undefined;
  const touched = new PathIndex<unknown>();
  const plans: PlannedTurn['plans'][number][] = [];
  for (const [item, plan] of turn.plans.entries()) {
    const args = ready.items[item]?.args;
    if (plan === undefined) {
      plans.push(plan);
      continue;
    }
    const paths = resource.paths?.(args) ?? [];
    const left = touched.overlapping(paths);
    const now = left === undefined ? plan : planFrom(resource, args, left);
    if (now.status === 'failed' || now.status === 'unknown') return undefined;
    const state = now.status === 'changed' ? resource.after(args, now.have) : now.have;
    if (state === undefined) return undefined;
    for (const path of paths) touched.set(path, state);
    plans.push(now);
  }
  return { ...turn, plans };
}
