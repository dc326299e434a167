import { givenNames } from '../given-names.ts';
import type { TaskNode } from '../model.ts';
import { allTasks } from '../task-walk.ts';

/** Names that tasks set while they run, those of tasks inside too. */
export function registeredNames(nodes: readonly TaskNode[]): ReadonlySet<string> {
  return new Set([...allTasks(nodes)].flatMap(givenNames));
}
