import { isTemplate } from '../../jinja/values/template-marks.ts';
import { loopWords } from '../keywords/loop-words.ts';
import { roleArguments } from '../keywords/role-arguments.ts';
import type { TaskNode } from '../model.ts';
import { placeProblem } from '../source/schema/prepared-arguments.ts';
import { coerce } from '../source/schema/schema-coercion.ts';
import { schemaProblems } from '../source/schema/schema-problem.ts';
import { earlyName, earlyNames } from './early-name.ts';
import { failingTask } from './failing-task.ts';
import { globOf } from './include-files.ts';
import { applied } from './include-tasks.ts';
import { type Inherited, inherit, isConditional } from './inherited.ts';
import type { PlayScope, RoleRequest } from './play-scope.ts';
import type { ActionTask } from './task-action.ts';
import { makeTask } from './task-builder.ts';

interface RoleArguments {
  readonly name: string;
  readonly tasks_from?: string;
  readonly vars_from?: string;
  readonly defaults_from?: string;
  readonly handlers_from?: string;
  readonly public?: boolean;
}

function requestOf(task: ActionTask, name: string, given: RoleArguments): RoleRequest {
  const { args, node, action } = task;
  return {
    name,
    at: args.at('name'),
    parameters: node.get('vars'),
    from: {
      ...(given.tasks_from && { tasks: given.tasks_from }),
      ...(given.vars_from && { vars: given.vars_from }),
      ...(given.defaults_from && { defaults: given.defaults_from }),
      ...(given.handlers_from && { handlers: given.handlers_from }),
    },
    again: true,
    dynamic: action.name === 'include_role',
    shared: given.public ?? action.name === 'import_role',
  };
}

/** `include_role` and `import_role`: put in place when the role is known, else every role it may name is loaded. */
export function includeRole(scope: PlayScope, task: ActionTask): readonly TaskNode[] {
  const { node, checked, inherited, id, action, args } = task;
  // Variables are always checked, whatever `rolespec_validate` says.
  const own = args.without('rolespec_validate', ...(action.name === 'include_role' ? ['apply'] : []));
  const given = coerce(roleArguments, own.value, { templated: true });
  const problems = schemaProblems(roleArguments, given, action.key, true);
  scope.loading.report(...problems.map((problem) => placeProblem(problem, own)));
  if (problems.length > 0) return [];
  const wanted = given as RoleArguments;
  const isImport = action.name === 'import_role';
  const name = isImport ? earlyName(scope, wanted.name, inherited, node.get('vars')) : wanted.name;
  const loops = loopWords.some((key) => node.get(key));
  const templated = isTemplate(name);
  if ((templated || loops) && isImport) {
    const message = loops
      ? 'import_role takes no loop'
      : 'the role of this import_role is not known when the playbook is read';
    const why = loops ? 'an import is put in place when the playbook is read' : earlyNames;
    scope.loading.report({
      code: 'not-supported',
      message,
      at: args.at('name'),
      why,
      hint: 'use include_role',
    });
    return [];
  }
  // Its variables are parameters of the role, not of each task.
  const apply = applied(scope, task);
  const inner = apply(inherit(inherited, node.without('vars'), checked.values, ''));
  const load = (role: string, from: Inherited) =>
    scope.role(requestOf(task, role, wanted), {
      ...from,
      id: `${id}.${role.replaceAll(/[^\w-]+/g, '-')}`,
    });
  if (action.name === 'include_role' && !templated && !scope.hasRole(name, inherited)) {
    const failing = isConditional(node, inherited) ? missingRole(scope, task, name) : undefined;
    if (failing) return failing;
  }
  if (!templated && !loops) return load(name, inner);
  const whole = globOf(name, inherited.role?.directory, scope.directory);
  if (!loops && !whole.includes('*')) return load(whole, inner);
  const later = { ...inner, when: apply(inherited).when };
  const candidates = templated ? matching(scope, whole) : [name];
  if (candidates.length === 0) {
    const message = 'the role that is included here cannot exist';
    scope.loading.report({
      code: 'missing-role',
      message,
      at: args.at('name'),
      why: 'no role matches the template',
    });
  }
  const includes = new Map(candidates.map((role) => [role, load(role, later)] as const));
  const file = args.withEntries([['file', { keyAt: args.keyAt('name'), node: args.get('name') ?? args }]]);
  return [
    {
      task: makeTask(node.without('vars'), checked, inherited, {
        id,
        resource: 'include_tasks',
        args: file,
        includes,
      }),
    },
  ];
}

// It may lie there on the machine on which the condition holds; here nothing of it can be checked.
function missingRole(scope: PlayScope, task: ActionTask, name: string): readonly TaskNode[] | undefined {
  scope.lacksRole = true;
  const node = task.node.without('vars', ...loopWords);
  const failing = failingTask(scope, { ...task, node }, task.action.key, {
    reason: `there is no role '${name}'`,
    instead: 'put its directory into roles/ beside the playbook',
  });
  if (!failing) return undefined;
  const shape = { id: task.id, resource: failing.action.name, args: failing.args };
  return [{ task: makeTask(node, task.checked, task.inherited, shape) }];
}

function matching(scope: PlayScope, glob: string): readonly string[] {
  const pattern = new RegExp(
    `^${glob
      .split('*')
      .map((part) => part.replaceAll(/[^\w]/g, '\\$&'))
      .join('.*')}$`,
  );
  return scope.roleNames().filter((name) => pattern.test(name));
}
