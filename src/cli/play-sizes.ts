import type { Playbook } from '../language/model.ts';
import { isSelected } from '../language/tag-selection.ts';
import { allTasks } from '../language/task-walk.ts';
import type { RunOptions } from './command-options.ts';

/** How many tasks hosts will come to in each play, by its number, as far as tags decide it. */
export function playSizes(
  { plays }: Playbook,
  { tags = [], skipTags = [] }: Pick<RunOptions, 'tags' | 'skipTags'>,
): ReadonlyMap<number, number> {
  return new Map(
    plays.map((play) => {
      const tasks = [...allTasks(play.tasks)];
      const own = tasks.filter(({ resource }) => resource !== 'meta' && resource !== 'include_tasks');
      return [play.index, own.filter((task) => isSelected(task.tags, tags, skipTags)).length];
    }),
  );
}
