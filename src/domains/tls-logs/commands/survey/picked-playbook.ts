import type { Playbook, Task, TaskNode } from '../../../../language/model.ts';

/**
 * A playbook with its plays and hosts, and in them only tasks that are picked, for a dry run.
 * @param pick gives the task as it is to run, or undefined where it is left out
 */
export function pickedPlaybook(playbook: Playbook, pick: (task: Task) => Task | undefined): Playbook {
  const kept = (nodes: readonly TaskNode[]): readonly TaskNode[] =>
    nodes.flatMap((node): readonly TaskNode[] => {
      if ('block' in node) {
        const tasks = kept(node.block.tasks);
        return tasks.length === 0 ? [] : [{ block: { ...node.block, tasks, rescue: [], always: [] } }];
      }
      const { task } = node;
      const picked = pick(task);
      if (picked) return [{ task: picked }];
      const includes = new Map(
        [...(task.includes ?? [])].map(([file, tasks]) => [file, kept(tasks)] as const),
      );
      return [...includes.values()].some((tasks) => tasks.length > 0)
        ? [{ task: { ...task, includes } }]
        : [];
    });
  const plays = playbook.plays.map((play) => ({ ...play, tasks: kept(play.tasks), handlers: [] }));
  return { ...playbook, plays };
}
