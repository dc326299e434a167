import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import type { Play, Task, TaskNode } from '../model.ts';
import { allTasks } from '../task-walk.ts';

/**
 * The plays without the tasks before the first one of a name, as Ansible's `--start-at-task` has it: `*` stands for any
 * characters, handlers stay, and of a block only what comes before is left out.
 */
export function startAt(
  plays: readonly Play[],
  wanted: string,
): { readonly plays: readonly Play[] } | { readonly problem: Problem } {
  const isMeant = matcher(wanted);
  const first = plays.findIndex(({ tasks }) => [...allTasks(tasks)].some(isMeant));
  if (first === -1) return { problem: unknownTask(plays, wanted) };
  return {
    plays: plays.map((play, index) => {
      if (index > first) return play;
      return { ...play, tasks: index < first ? [] : from(play.tasks, isMeant) };
    }),
  };
}

function from(nodes: readonly TaskNode[], isMeant: (task: Task) => boolean): readonly TaskNode[] {
  const first = nodes.findIndex((node) => [...allTasks([node])].some(isMeant));
  const node = nodes[first];
  const rest = nodes.slice(first + 1);
  if (!node || 'task' in node) return node ? [node, ...rest] : rest;
  const { block } = node;
  // A name that stands in a rescue or an always begins the whole block.
  const inside = [...allTasks(block.tasks)].some(isMeant) ? from(block.tasks, isMeant) : block.tasks;
  return [{ block: { ...block, tasks: inside } }, ...rest];
}

function matcher(wanted: string): (task: Task) => boolean {
  const parts = wanted.split('*').map((part) => part.replaceAll(/[^\w\s]/g, (sign) => `\\${sign}`));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return ({ name, role }) =>
    name !== undefined &&
    (expression.test(name) || (role !== undefined && expression.test(`${role.name} : ${name}`)));
}

function unknownTask(plays: readonly Play[], wanted: string): Problem {
  const tasks = plays.flatMap((play) => [...allTasks(play.tasks)]);
  const names = [...new Set(tasks.flatMap(({ name }) => (name === undefined ? [] : [name])))];
  const meant = didYouMean(wanted, names);
  return {
    code: 'unknown-task',
    message: `--start-at-task: there is no task '${wanted}'`,
    hint: meant?.startsWith('did') ? meant : '`--list-tasks` shows the names of all tasks',
  };
}
