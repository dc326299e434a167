import { fixedParts, isTemplate } from '../../jinja/values/template-marks.ts';
import type { Playbook, Task } from '../model.ts';
import { visits } from './registered-variables.ts';

function namesOf({ name, listen, role }: Task): readonly string[] {
  const own = name === undefined ? [] : [name];
  const ofRoles = role
    ? [role, ...role.parents].flatMap((one) => own.map((word) => `${one.name} : ${word}`))
    : [];
  return [...listen, ...own, ...ofRoles];
}

// A template may give any name that fits what is fixed in it.
function notified(tasks: readonly Task[]): (name: string) => boolean {
  const words = tasks.flatMap(({ notify }) => notify.flatMap(({ value }) => value).map(String));
  const literal = new Set(words.filter((word) => !isTemplate(word)));
  const patterns = [...new Set(words.filter(isTemplate))].map((word) => {
    const parts = fixedParts(word).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's');
  });
  return (name) => literal.has(name) || patterns.some((pattern) => pattern.test(name));
}

/** Handlers that no task of their play notifies: what they need is never looked for, as with Ansible. */
export function idleHandlers(playbook: Playbook): ReadonlySet<Task> {
  const byPlay = Map.groupBy(visits(playbook), ({ play }) => play);
  return new Set(
    [...byPlay].flatMap(([{ handlers }, visited]) => {
      const isNotified = notified(visited.map(({ task }) => task));
      return handlers.filter(
        (handler) => !namesOf(handler).some((name) => isTemplate(name) || isNotified(name)),
      );
    }),
  );
}
