import type { Position, Problem } from '../../errors/problem.ts';
import type { AnyResource } from '../../resources/resource.ts';
import type { Task, TaskNode } from '../model.ts';
import { prepareArguments } from '../source/schema/prepared-arguments.ts';
import { YamlNode } from '../source/yaml/yaml-node.ts';
import { allTasks } from '../task-walk.ts';
import type { Inherited } from './inherited.ts';
import { makeTask } from './task-builder.ts';

const kinds = ['refuse', 'warn', 'file'];

/** What is wrong with the list of checks of a role. */
export function checkListProblems(
  list: YamlNode,
  resources: ReadonlyMap<string, AnyResource>,
): readonly Problem[] {
  const resource = resources.get('role_checks');
  const args = argumentsOf(list);
  const { problems } = resource
    ? prepareArguments(resource, args.value, args, { templated: true })
    : { problems: [] };
  return problems.length > 0 ? problems : kindProblems(list);
}

// Beyond the schema: each is of one kind, and says what is wrong.
function kindProblems(list: YamlNode): readonly Problem[] {
  return list.items().flatMap((check): readonly Problem[] => {
    if (!check.isMapping()) return [];
    const at = check.position;
    const said = kinds.filter((kind) => check.get(kind));
    if (said.length !== 1) {
      const message = said.length === 0 ? 'the check judges nothing' : 'the check judges two things at once';
      return [{ code: 'wrong-check', message, at, hint: 'write one of refuse, warn and file' }];
    }
    if (said[0] === 'file' || check.get('message')) return [];
    return [
      { code: 'wrong-check', message: "the check needs a 'message'", at, why: 'it is what the user reads' },
    ];
  });
}

/** The checks of a role as the arguments of a task; undefined when it has none. */
export function checkArguments({ role }: Inherited): YamlNode | undefined {
  return role?.checks instanceof YamlNode ? argumentsOf(role.checks) : undefined;
}

function argumentsOf(list: YamlNode): YamlNode {
  return YamlNode.mapping(list.position, new Map([['checks', { keyAt: list.position, node: list }]]));
}

const byItself = new WeakSet<Task>();

/** The task that judges a role's checks before its other tasks, which nobody wrote. */
export function ownCheckTask(inherited: Inherited, id: string): readonly TaskNode[] {
  const args = checkArguments(inherited);
  if (!args) return [];
  const at: Position = args.position;
  const node = new YamlNode({}, at);
  const name = `Check the settings of the role ${inherited.role?.name ?? ''}`;
  const task = makeTask(node, { values: {}, problems: [] }, inherited, {
    id,
    resource: 'role_checks',
    args,
    name,
  });
  byItself.add(task);
  return [{ task }];
}

/** The directories of roles whose own tasks say where their checks are judged. */
export function rolesWithPlace(lists: readonly (readonly TaskNode[])[]): ReadonlySet<string> {
  const placed = lists
    .flatMap((nodes) => [...allTasks(nodes)])
    .filter((task) => task.resource === 'role_checks' && !byItself.has(task));
  return new Set(placed.flatMap(({ role }) => (role ? [role.directory] : [])));
}

/** The tasks without those that judge, by themselves, the checks of these roles. */
export function withoutOwnChecks(
  nodes: readonly TaskNode[],
  roles: ReadonlySet<string>,
): readonly TaskNode[] {
  const rest = (some: readonly TaskNode[]) => withoutOwnChecks(some, roles);
  return nodes.flatMap((node): readonly TaskNode[] => {
    if ('task' in node)
      return byItself.has(node.task) && roles.has(node.task.role?.directory ?? '') ? [] : [node];
    const { tasks, rescue, always } = node.block;
    return [{ block: { ...node.block, tasks: rest(tasks), rescue: rest(rescue), always: rest(always) } }];
  });
}
