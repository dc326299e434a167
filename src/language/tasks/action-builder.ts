import type { TaskNode } from '../model.ts';
import { withBooleans } from '../source/loading/variable-layer.ts';
import { prepareArguments } from '../source/schema/arguments.ts';
import { includeRole } from './include-role.ts';
import { includeTasks } from './include-tasks.ts';
import { includeVars } from './include-vars.ts';
import { metaProblem } from './meta-action.ts';
import type { PlayScope } from './play-scope.ts';
import type { ActionTask } from './task-action.ts';
import { makeTask } from './task-builder.ts';
import { sourceProblem } from './task-sources.ts';

/** The task, or the tasks that it brings. */
export function buildAction(scope: PlayScope, task: ActionTask): readonly TaskNode[] {
  const { node, checked, inherited, id, action, args } = task;
  const { resource } = action;
  if (!resource) return languageAction(scope, task);
  const given = action.name === 'set_fact' ? withBooleans(args) : args;
  const { problems } = scope.loading.once(given, action.name, () =>
    prepareArguments(resource, given.value, given, { templated: true }),
  );
  scope.loading.remark(...problems);
  const missing = sourceProblem(resource, given, inherited.searchPath);
  if (missing) scope.loading.remark(missing);
  return [{ task: makeTask(node, checked, inherited, { id, resource: action.name, args: given }) }];
}

function languageAction(scope: PlayScope, task: ActionTask): readonly TaskNode[] {
  const { node, checked, inherited, id, action, args } = task;
  switch (action.name) {
    case 'import_role':
    case 'include_role':
      return includeRole(scope, task);
    case 'include_vars':
      return includeVars(scope, task);
    case 'meta': {
      const problem = metaProblem(args);
      if (problem) scope.loading.report(problem);
      return [{ task: makeTask(node, checked, inherited, { id, resource: 'meta', args }) }];
    }
    default:
      return includeTasks(scope, task);
  }
}
