import type { Play, Task } from '../language/model.ts';

/** A task as one host meets it: an include in a loop brings the same task several times. */
export interface TaskInstance {
  /** Unique per host: the task's id behind the includes that led to it. */
  readonly key: string;
  readonly task: Task;
  readonly play: Play;
  /** Variables that includes in a loop added. */
  readonly added: ReadonlyMap<string, unknown>;
  readonly handler: boolean;
  /** Inside a block with a rescue: a failure must be known before the block is left. */
  readonly guarded: boolean;
}
