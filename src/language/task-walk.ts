import type { Play, Task, TaskNode } from './model.ts';

/** What plays do, handlers too. */
export function nodesOf(plays: readonly Pick<Play, 'tasks' | 'handlers'>[]): readonly TaskNode[] {
  return plays.flatMap(({ tasks, handlers }) => [...tasks, ...handlers.map((task) => ({ task }))]);
}

/** All tasks of a list as they are written, those of blocks and of what they may include too. */
export function* allTasks(nodes: Iterable<TaskNode>): Generator<Task> {
  for (const node of nodes) {
    if ('block' in node) {
      const { tasks, rescue, always } = node.block;
      yield* allTasks([...tasks, ...rescue, ...always]);
      continue;
    }
    yield node.task;
    for (const included of node.task.includes?.values() ?? []) yield* allTasks(included);
  }
}
