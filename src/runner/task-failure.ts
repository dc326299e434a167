import { ExpectedError } from '../errors/expected-error.ts';
import type { TaskInstance } from '../planner/instance.ts';

/** A host stops here: the task failed and nothing lets it go on. */
export class TaskFailure extends ExpectedError {
  readonly instance: TaskInstance;
  readonly taskName: string;
  readonly result: { readonly [key: string]: unknown };
  /** What to do about it, where that is known. */
  readonly hint?: string;

  constructor(
    instance: TaskInstance,
    taskName: string,
    message: string,
    result: { readonly [key: string]: unknown },
    hint?: string,
  ) {
    super(message);
    this.instance = instance;
    this.taskName = taskName;
    this.result = result;
    if (hint !== undefined) this.hint = hint;
  }
}

/** Nothing new is begun: the run was interrupted, or another host's failure ended the play. */
export class Halted extends ExpectedError {}
