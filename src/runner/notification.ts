import { isTemplate } from '../jinja/values/template-marks.ts';
import type { Source, Task } from '../language/model.ts';
import type { TaskInstance } from '../planner/instance.ts';
import type { HostPlace } from './host-ports.ts';
import type { PlannedTurn } from './turn.ts';

/**
 * The handlers that a task notifies, by name or topic, when these items of it have changed something.
 * Of several handlers with one name the last counts, those of the task's own role first; a topic reaches
 * all that listen, each once, however often its role is used.
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
    const listening = handlers.filter(({ listen }) => listen.includes(name));
    const written = Map.groupBy(listening, ({ at }) => `${at.file}:${at.line}:${at.column}`);
    return [...meantAmong(named, task), ...[...written.values()].flatMap((one) => meantAmong(one, task))];
  });
}

// Of a role that the play itself has the last use counts, of one that is included its own use.
function meantAmong(named: readonly Task[], { role }: Task): readonly Task[] {
  const ofRole = named.filter((handler) => handler.role?.name === role?.name);
  const ofUse = ofRole.filter((handler) => handler.role?.use === role?.use);
  const fixed = ofRole.filter((handler) => !handler.role?.dynamic);
  const preferred = role?.dynamic || fixed.length === 0 ? ofUse : fixed;
  const among = [preferred, ofRole, named].find((handlers) => handlers.length > 0) ?? [];
  const last = among.at(-1);
  const meant = among.find((handler) => handler.role === last?.role);
  return meant ? [meant] : [];
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
