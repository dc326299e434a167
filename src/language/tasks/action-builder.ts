import type { Problem } from '../../errors/problem.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { taskKeywords } from '../keywords/keyword-set.ts';
import type { TaskNode } from '../model.ts';
import { prepareArguments } from '../source/schema/prepared-arguments.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { argumentFaults } from './argument-faults.ts';
import { checkArguments } from './check-list.ts';
import { includeRole } from './include-role.ts';
import { includeTasks } from './include-tasks.ts';
import { includeVars } from './include-vars.ts';
import { idleMeta, metaProblem } from './meta-action.ts';
import type { PlayScope } from './play-scope.ts';
import type { ActionTask } from './task-action.ts';
import { makeTask } from './task-builder.ts';
import { sourceProblem } from './task-sources.ts';

/** The task, or the tasks that it brings. */
export function buildAction(scope: PlayScope, task: ActionTask): readonly TaskNode[] {
  const { node, checked, inherited, id, action, args } = task;
  const { resource } = action;
  if (!resource) return languageAction(scope, task);
  const given = action.name === 'role_checks' ? checksOfRole(scope, task) : args;
  const named = action.name === 'set_fact' ? withLiteralNames(given) : given;
  const { problems } = scope.loading.once(given, action.name, () => {
    const prepared = prepareArguments(resource, named.value, named, { templated: true });
    if (prepared.problems.length > 0) return prepared;
    return { ...prepared, problems: argumentFaults(resource, named, prepared.args) };
  });
  scope.loading.remark(...problems.map((problem) => strayKeyword(problem, named, action.name)));
  const missing = sourceProblem(resource, given, inherited.searchPath);
  if (missing) scope.loading.remark(missing);
  const made = makeTask(node, checked, inherited, { id, resource: action.name, args: given });
  return [{ task: action.name === 'add_host' ? { ...made, runOnce: true } : made }];
}

// A keyword of the task that stands among the arguments is most often indented too far.
function strayKeyword(problem: Problem, args: YamlNode, name: string): Problem {
  if (problem.code !== 'unknown-key') return problem;
  const { line, column } = problem.at ?? {};
  const isThere = (key: string) => args.keyAt(key).line === line && args.keyAt(key).column === column;
  const stray = args.entries().find(([key]) => taskKeywords.names.includes(key) && isThere(key));
  if (!stray) return problem;
  return { ...problem, hint: `'${stray[0]}' belongs to the task: indent it like '${name}'` };
}

// A fact whose name is a template is looked at when the task is reached.
function withLiteralNames(args: YamlNode): YamlNode {
  const literal = args.entries().filter(([key]) => !isTemplate(key));
  if (literal.length === args.entries().length) return args;
  const instead = { keyAt: args.position, node: args.withEntries([]).withValue(false) };
  return args.withEntries([
    ['cacheable', instead],
    ...literal.map(([key, node]) => [key, { keyAt: args.keyAt(key), node }] as const),
  ]);
}

// Where a role judges its checks by a task of its own; what they are stands in its meta/checks.yml.
function checksOfRole({ loading }: PlayScope, { args, node, inherited }: ActionTask): YamlNode {
  const at = node.position;
  if (args.entries().length > 0) {
    const hint = 'write the checks into meta/checks.yml of the role';
    loading.report({ code: 'wrong-check', message: 'role_checks takes no arguments', at, hint });
  }
  const checks = checkArguments(inherited);
  if (checks) return checks;
  const message = inherited.role
    ? `the role ${inherited.role.name} has no meta/checks.yml`
    : 'role_checks stands in tasks of a role only';
  loading.report({ code: 'missing-file', message, at });
  return args;
}

function place({ position: { file, line } }: YamlNode): string {
  return `${file}:${line}`;
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
      const idle = idleMeta(args);
      if (idle !== undefined)
        scope.loading.warnings.push(`${place(args)}: meta: ${args.value} has no effect: ${idle}`);
      return [{ task: makeTask(node, checked, inherited, { id, resource: 'meta', args }) }];
    }
    default:
      return includeTasks(scope, task);
  }
}
