import type { Playbook, Task, TaskNode } from '../language/model.ts';
import { isSelected } from '../language/tag-selection.ts';
import { allTasks } from '../language/task-walk.ts';
import type { RunOptions } from './command-options.ts';

/** How many tasks hosts will come to in each play, by its number, as far as that can be known: a play of which no task is selected is not in it. */
export function playSizes(
  { plays }: Playbook,
  { tags = [], skipTags = [] }: Pick<RunOptions, 'tags' | 'skipTags'>,
): ReadonlyMap<number, number> {
  const selected = (task: Task): boolean => task.resource !== 'meta' && isSelected(task.tags, tags, skipTags);
  const own = plays.filter((play) => [...allTasks(play.tasks)].some(selected));
  return new Map(own.map((play) => [play.index, certainTasks(play.tasks).filter(selected).length]));
}

// What may be included, or rescues something, is come to by nobody in most runs.
function certainTasks(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if ('block' in node) return certainTasks([...node.block.tasks, ...node.block.always]);
    return node.task.resource === 'include_tasks' ? [] : node.task;
  });
}
