import { itemVariables } from '../language/evaluate/loop.ts';
import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Play, Task, TaskNode } from '../language/model.ts';
import type { TaskInstance } from './instance.ts';

/** Where a list of tasks stands: what it inherits from the includes and blocks around it. */
export interface TaskScope {
  readonly play: Play;
  readonly prefix: string;
  readonly added: ReadonlyMap<string, unknown>;
  readonly guarded: boolean;
}

/** The outermost scope of a play. */
export function playScope(play: Play): TaskScope {
  return { play, prefix: '', added: new Map(), guarded: false };
}

/** A task where it stands. */
export function instanceOf(task: Task, scope: TaskScope, handler = false): TaskInstance {
  const { play, added, guarded } = scope;
  return { key: `${scope.prefix}${task.id}`, task, play, added, guarded, handler };
}

/** The scope of a block's tasks. */
export function blockScope(scope: TaskScope, rescued: boolean): TaskScope {
  return rescued ? { ...scope, guarded: true } : scope;
}

/** What an include that is resolved at run time brings: one list per item. */
export interface Included {
  readonly file: string;
  readonly nodes: readonly TaskNode[] | undefined;
  readonly scope: TaskScope;
}

/** Resolves an include whose arguments are known. */
export function includedBy(
  instance: TaskInstance,
  ready: Extract<TaskEvaluation, { kind: 'ready' }>,
): readonly Included[] {
  const { task, play, guarded } = instance;
  return ready.items.flatMap(({ args, item, skippedBy }, index) => {
    if (skippedBy !== undefined) return [];
    const file = (args as { file: string }).file;
    const added = new Map(instance.added);
    const all = ready.items.map((one) => one.item);
    if (ready.looped)
      for (const [name, value] of itemVariables(task, item, index, all)) added.set(name, value);
    const scope = { play, prefix: `${instance.key}#${index}/`, added, guarded };
    return { file, nodes: task.includes && includedAs(task.includes, file), scope };
  });
}

// By the name that was loaded, or by the whole path of it, as a lookup gives one.
function includedAs(
  includes: ReadonlyMap<string, readonly TaskNode[]>,
  file: string,
): readonly TaskNode[] | undefined {
  const exact = includes.get(file) ?? includes.get(file.replace(/^(?:\.\/)+/, ''));
  if (exact || !file.startsWith('/')) return exact;
  const names = [...includes.keys()].filter((name) => file.endsWith(`/${name}`));
  const longest = names.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : includes.get(longest);
}

/** All tasks that a list leads to, in order; rescue sections are left out, for they come only after a failure. */
export function* tasksOf(
  nodes: readonly TaskNode[],
  scope: TaskScope,
  evaluate: (instance: TaskInstance) => TaskEvaluation,
): Generator<TaskInstance> {
  for (const node of nodes) {
    if ('block' in node) {
      const { tasks, rescue, always } = node.block;
      yield* tasksOf(tasks, blockScope(scope, rescue.length > 0), evaluate);
      yield* tasksOf(always, scope, evaluate);
      continue;
    }
    const instance = instanceOf(node.task, scope);
    yield instance;
    if (node.task.resource !== 'include_tasks') continue;
    const evaluation = evaluate(instance);
    if (evaluation.kind !== 'ready') continue;
    for (const included of includedBy(instance, evaluation)) {
      yield* tasksOf(included.nodes ?? [], included.scope, evaluate);
    }
  }
}
