import type { TaskInstance } from '../planner/instance.ts';
import type { ItemPlan } from '../planner/item-plan.ts';
import type { Ready } from '../planner/question.ts';
import type { AnyHostResource } from '../resources/resource.ts';

/** One task on one host. */
export interface Turn {
  readonly instance: TaskInstance;
  /** As it is shown. */
  readonly name: string;
  readonly ready: Ready;
  readonly resource: AnyHostResource;
  /** Milliseconds, as performance.now() gives them. */
  readonly began: number;
}

/** A turn whose questions have been answered: what each item needs; undefined for a skipped item. */
export interface PlannedTurn extends Turn {
  readonly plans: readonly (ItemPlan | undefined)[];
}

/** What is known of any task when its results are reported, also of one that nobody had to be asked about. */
export type EndedTurn = Pick<Turn, 'instance' | 'name' | 'began'> & {
  readonly ready: Ready | undefined;
  /** Of a loop that was skipped as a whole. */
  readonly skippedItems?: readonly unknown[] | undefined;
};
