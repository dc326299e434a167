import type { Playbook, Task, TaskNode } from '../../../../language/model.ts';
import type { AnyResource } from '../../../../resources/resource.ts';
import { logLine } from '../../resources/log-line.ts';

/** What of a playbook proves that lines arrive, and nothing else: its plays and hosts, and in them the tasks log_line alone. */
export function provingPlaybook(playbook: Playbook, resources: ReadonlyMap<string, AnyResource>): Playbook {
  const proves = (task: Task): boolean => resources.get(task.resource) === logLine;
  const kept = (nodes: readonly TaskNode[]): readonly TaskNode[] =>
    nodes.flatMap((node): readonly TaskNode[] => {
      if ('block' in node) {
        const tasks = kept(node.block.tasks);
        return tasks.length === 0 ? [] : [{ block: { ...node.block, tasks, rescue: [], always: [] } }];
      }
      const { task } = node;
      if (proves(task)) {
        // The run is a dry one: this task alone does what it says.
        return [{ task: { ...task, checkMode: false } }];
      }
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
