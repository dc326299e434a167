import { fixedParts, isTemplate } from '../../jinja/values/template-marks.ts';
import { givenNames } from '../given-names.ts';
import type { Play, Playbook, Task, TaskNode } from '../model.ts';
import { hasHost } from '../play-members.ts';

/** One task as the check comes by: its place in the order, and the names that includes around it give. */
export interface Visit {
  readonly play: Play;
  readonly task: Task;
  readonly order: number;
  readonly locals: ReadonlySet<string>;
}

/** Visits all tasks and handlers in the order in which they would run; handlers count as the play's end. */
export function* visits({ plays }: Playbook): Generator<Visit> {
  let order = 0;
  for (const play of plays) {
    function* walk(nodes: readonly TaskNode[], locals: ReadonlySet<string>): Generator<Visit> {
      for (const node of nodes) {
        if ('block' in node) {
          const { tasks, rescue, always } = node.block;
          yield* walk([...tasks, ...rescue, ...always], locals);
          continue;
        }
        const { task } = node;
        order += 1;
        yield { play, task, order, locals };
        for (const included of task.includes?.values() ?? []) yield* walk(included, withLoop(task, locals));
      }
    }
    const rescued = new Set(['ansible_failed_task', 'ansible_failed_result']);
    yield* walk(play.tasks, rescued);
    yield* walk(
      play.handlers.map((task) => ({ task })),
      rescued,
    );
  }
}

/** Names that a task sees beside those around it: its loop's. */
export function withLoop(task: Task, locals: ReadonlySet<string>): ReadonlySet<string> {
  if (!task.loop) return locals;
  const index = task.indexVar === undefined ? [] : [task.indexVar, 'ansible_index_var'];
  const extended = task.loopExtended === undefined ? [] : ['ansible_loop'];
  return new Set([...locals, task.loopVar, 'ansible_loop_var', ...index, ...extended]);
}

function fitting(name: string): RegExp {
  const parts = fixedParts(name).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

/** Which tasks register or set which names, and when. */
export class RegisteredVariables {
  readonly #setters = new Map<string, Visit[]>();
  /** Names that hold templates: set_fact may give any that fits. */
  readonly #templated: { readonly pattern: RegExp; readonly setter: Visit }[] = [];

  constructor(playbook: Playbook) {
    for (const visit of visits(playbook)) {
      for (const name of givenNames(visit.task))
        if (isTemplate(name)) this.#templated.push({ pattern: fitting(name), setter: visit });
        else this.#setters.set(name, [...(this.#setters.get(name) ?? []), visit]);
    }
  }

  names(): readonly string[] {
    return [...this.#setters.keys()];
  }

  has(name: string): boolean {
    return this.#setters.has(name);
  }

  /** The tasks that give a name, in their order. */
  setters(name: string): readonly Task[] {
    return (this.#setters.get(name) ?? []).map(({ task }) => task);
  }

  /** Whether the host may have the name when the visit's task comes; a task with `delegate_facts` may give it to any. */
  isKnown(name: string, visit: Visit, host: string): boolean {
    const may = (setter: Visit) =>
      setter.order < visit.order && (setter.task.delegateFacts || hasHost(setter.play, host));
    return (
      (this.#setters.get(name) ?? []).some(may) ||
      this.#templated.some(({ pattern, setter }) => may(setter) && pattern.test(name))
    );
  }

  /** The first task that gives the name only later. */
  later(name: string, visit: Visit): Task | undefined {
    return this.#setters.get(name)?.find((setter) => setter.order >= visit.order)?.task;
  }
}
