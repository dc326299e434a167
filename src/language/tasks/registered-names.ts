import { isMapping } from '../../jinja/values/value.ts';
import type { TaskNode } from '../model.ts';
import { allTasks } from '../task-walk.ts';

/** Names that tasks set while they run: register, set_fact, and those of tasks inside. */
export function registeredNames(nodes: readonly TaskNode[]): ReadonlySet<string> {
  const names = [...allTasks(nodes)].flatMap(({ register, resource, args }) => {
    const facts = resource === 'set_fact' && isMapping(args.value) ? Object.keys(args.value) : [];
    return register === undefined ? facts : [register, ...facts];
  });
  return new Set(names);
}
