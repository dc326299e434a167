import { isMapping } from '../../jinja/values/value.ts';
import type { TaskNode } from '../model.ts';

/** Names that tasks set while they run: register, set_fact, and those of tasks inside. */
export function registeredNames(nodes: readonly TaskNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (list: readonly TaskNode[]): void => {
    for (const node of list) {
      if ('block' in node) {
        visit(node.block.tasks);
        visit(node.block.rescue);
        visit(node.block.always);
        continue;
      }
      const { register, resource, args, includes } = node.task;
      if (register) names.add(register);
      if (resource === 'set_fact' && isMapping(args.value))
        for (const name of Object.keys(args.value)) names.add(name);
      for (const included of includes?.values() ?? []) visit(included);
    }
  };
  visit(nodes);
  return names;
}
