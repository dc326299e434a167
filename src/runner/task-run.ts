import type { TaskInstance } from '../planner/instance.ts';
import type { ItemPlan } from '../planner/item-plan.ts';
import type { Ready } from '../planner/question.ts';
import type { AnyHostResource } from '../resources/resource.ts';

/** A task of a host whose probes have been answered: what each item needs; undefined for a skipped item. */
export interface TaskRun {
  readonly instance: TaskInstance;
  readonly ready: Ready;
  readonly resource: AnyHostResource;
  readonly plans: readonly (ItemPlan | undefined)[];
  /** Milliseconds, as performance.now() gives them. */
  readonly began: number;
}

/** A host stops here: the task failed and nothing lets it go on. */
export class TaskFailure extends Error {
  readonly instance: TaskInstance;
  readonly taskName: string;
  readonly result: { readonly [key: string]: unknown };

  constructor(
    instance: TaskInstance,
    taskName: string,
    message: string,
    result: { readonly [key: string]: unknown },
  ) {
    super(message);
    this.instance = instance;
    this.taskName = taskName;
    this.result = result;
  }
}

/** Nothing new is begun: the run was interrupted, or another host's failure ended the play. */
export class Halted extends Error {}
