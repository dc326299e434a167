import type { PlayScope } from './play-scope.ts';
import type { ActionTask } from './task-action.ts';

/** Why a task can only fail where it is come to. */
export interface CertainFailure {
  /** As in `the module 'x' is not supported`. */
  readonly reason: string;
  readonly instead: string | undefined;
}

/** A task that cannot be done, as one that fails with the reason; a warning says so beforehand. */
export function failingTask(
  { loading }: PlayScope,
  task: Omit<ActionTask, 'action' | 'args'>,
  key: string,
  { reason, instead }: CertainFailure,
): ActionTask | undefined {
  const resource = loading.resources.get('fail');
  if (!resource) return undefined;
  const { node } = task;
  const { file, line } = node.position;
  const advice = instead === undefined ? '' : `: ${instead}`;
  const warning = `${file}:${line}: ${reason}, the task fails on a host on which its condition holds${advice}`;
  if (!loading.warnings.includes(warning)) loading.warnings.push(warning);
  const msg = { keyAt: node.position, node: node.withEntries([]).withValue(`${reason}${advice}`) };
  const args = node.withEntries([['msg', msg]]);
  return { ...task, action: { name: resource.name, key, resource }, args };
}
