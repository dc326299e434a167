import type { Task, TaskNode } from './model.ts';

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
