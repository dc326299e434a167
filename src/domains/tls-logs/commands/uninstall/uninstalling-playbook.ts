import type { Playbook, Task, TaskNode } from '../../../../language/model.ts';

/**
 * The plays of a playbook that are there to uninstall (`tags: [never, uninstall]`), and nothing else: what others tag `always` does not run
 * beside them. Without their `never`, so that they run.
 */
export function uninstallingPlaybook(playbook: Playbook): Playbook {
  const plays = playbook.plays
    .filter(({ tasks }) => tasks.some(uninstalls) && tasks.every((node) => uninstalls(node) || isEnd(node)))
    .map((play) => ({ ...play, tasks: play.tasks.map(awake), handlers: play.handlers.map(awakeTask) }));
  return { ...playbook, plays };
}

function uninstalls(node: TaskNode): boolean {
  if ('block' in node) return node.block.tasks.length > 0 && node.block.tasks.every(uninstalls);
  const { tags } = node.task;
  return tags.includes('never') && tags.includes('uninstall');
}

// What ends every play.
function isEnd(node: TaskNode): boolean {
  return 'task' in node && node.task.resource === 'meta';
}

function awake(node: TaskNode): TaskNode {
  if ('task' in node) return { task: awakeTask(node.task) };
  return { block: { ...node.block, tasks: node.block.tasks.map(awake) } };
}

function awakeTask(task: Task): Task {
  return { ...task, tags: task.tags.filter((tag) => tag !== 'never') };
}
