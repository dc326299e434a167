import { isTemplate } from '../jinja/values/template-marks.ts';
import type { Source, Task } from '../language/model.ts';
import type { TaskInstance } from '../planner/instance.ts';
import type { HostPlace } from './host-ports.ts';
import type { PlannedTurn } from './turn.ts';

/**
 * The handlers that a task notifies, by name or topic, when these items of it have changed something.
 * A handler of the task's own role hides its namesakes; a topic reaches those of all roles.
 */
export function handlersOf(
  stage: HostPlace,
  instance: TaskInstance,
  items: readonly unknown[],
  looped: boolean,
): readonly Task[] {
  const { task, added } = instance;
  const { handlers } = stage.play;
  const local = (item: unknown) => (looped ? new Map([...added, [task.loopVar, item]]) : added);
  const names = task.notify.flatMap((words) => items.map((item) => text(stage, words, task, local(item))));
  return [...new Set(names)].flatMap((name) => {
    const named = handlers.filter((handler) => {
      const own =
        handler.name && text(stage, { value: handler.name, at: () => handler.at }, handler, new Map());
      return own === name || `${handler.role?.name} : ${own}` === name;
    });
    const own = named.filter(({ role }) => role?.name === task.role?.name);
    const listening = handlers.filter(({ listen }) => listen.includes(name));
    return [...(own.length > 0 ? own : named), ...listening];
  });
}

/** The handlers that planned changes will notify. */
export function comingHandlers(stage: HostPlace, runs: readonly PlannedTurn[]): readonly Task[] {
  return runs.flatMap(({ instance, ready, plans }) => {
    const changed = ready.items.flatMap(({ item }, n) => (plans[n]?.status === 'changed' ? [item] : []));
    return handlersOf(stage, instance, changed, ready.looped);
  });
}

// A name that cannot be evaluated names nothing else than itself.
function text(
  { evaluator, host, play }: HostPlace,
  words: Source,
  task: Task,
  added: ReadonlyMap<string, unknown>,
): string {
  if (!isTemplate(words.value)) return String(words.value);
  const value = evaluator.value(words, task, { host: host.name, play, added });
  return String(value.kind === 'value' ? value.value : words.value);
}
