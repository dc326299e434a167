import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { AnyResource } from '../resources/resource.ts';

/**
 * Adds to the arguments of each item what a resource wants of the control node itself. It is read each time it is looked
 * at, for steps may alter it between the probe and the probe after them.
 */
export function withLateArguments(
  evaluation: TaskEvaluation,
  resource: AnyResource | undefined,
): TaskEvaluation {
  if (evaluation.kind !== 'ready' || resource?.kind !== 'host' || !resource.lateArguments) return evaluation;
  const items = evaluation.items.map((item) => {
    if (item.args === null || typeof item.args !== 'object') return item;
    const late = Object.entries(resource.lateArguments?.(item.args) ?? {});
    const getters = late.map(([name, get]) => [name, { enumerable: true, get }] as const);
    return { ...item, args: Object.defineProperties({ ...item.args }, Object.fromEntries(getters)) };
  });
  return { ...evaluation, items };
}
