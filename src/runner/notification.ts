import type { Task } from '../language/model.ts';

/** The handlers that a task notifies, by name or topic; one of the task's own role hides its namesakes. */
export function notifiedBy(task: Task, handlers: readonly Task[]): readonly Task[] {
  return task.notify.flatMap((name) => {
    const matching = handlers.filter(
      (handler) =>
        handler.name === name ||
        handler.listen.includes(name) ||
        `${handler.role?.name} : ${handler.name}` === name,
    );
    const own = matching.filter(({ role }) => role?.name === task.role?.name);
    return own.length > 0 ? own : matching;
  });
}
