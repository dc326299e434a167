import { TemplateError } from '../../jinja/values/template-error.ts';
import type { Playbook, Task } from '../model.ts';
import { firstFalse } from './condition.ts';
import { noItem } from './loop.ts';
import type { Scope } from './scope.ts';
import { NotKnowable, Waits } from './scope-signal.ts';

/** The condition of a loop that is false without the item: it decides for all of them, even if the list itself is not known. */
export function falseForAll(task: Task, scope: Scope, playbook: Playbook): string | undefined {
  const bare = scope.with(noItem(task));
  for (const condition of task.when) {
    try {
      const found = firstFalse([condition], bare, playbook);
      if (found !== undefined) return found;
    } catch (error) {
      if (error instanceof Waits || error instanceof NotKnowable || error instanceof TemplateError)
        return undefined;
      throw error;
    }
  }
  return undefined;
}
