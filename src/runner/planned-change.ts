import { changedPaths } from '../planner/changed-paths.ts';
import { effectOf } from '../planner/item-plan.ts';
import type { Prediction } from '../planner/prediction.ts';
import type { Change } from '../resources/resource.ts';
import type { Turn } from './turn.ts';

/** Lets later tasks be planned against what this one would change. */
export function predict(
  prediction: Prediction | undefined,
  { name, resource }: Turn,
  args: unknown,
  changes: readonly Change[],
): void {
  const contained = effectOf(resource, args) === 'contained';
  prediction?.plan(name, contained ? changedPaths(resource.paths?.(args) ?? [], changes) : undefined);
}
