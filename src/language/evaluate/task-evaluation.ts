import type { Problem } from '../../errors/problem.ts';
import type { Reads } from './reads.ts';
import type { TimeLimits, Tries } from './time-limit.ts';

/** One item of a task, ready for its resource. */
export interface TaskItem {
  /** Undefined when the task has no loop. */
  readonly item: unknown;
  readonly label: string | undefined;
  /** Checked against the resource's schema, defaults filled in. */
  readonly args: unknown;
  /** The condition that was false. */
  readonly skippedBy: string | undefined;
}

/** What a task means for one host now. */
export type TaskEvaluation = Meaning & {
  /** What its arguments and its loop read; kept of tasks with no_log, and of set_fact. */
  readonly reads?: Reads;
};

type Meaning =
  | ({
      readonly kind: 'ready';
      readonly name: string;
      readonly looped: boolean;
      readonly items: readonly TaskItem[];
      readonly become: string | undefined;
      readonly delegateTo: string | undefined;
      readonly environment: Readonly<Record<string, string>>;
      readonly tries: Tries;
    } & TimeLimits)
  | {
      readonly kind: 'skipped';
      readonly name: string;
      readonly condition: string;
      /** Of its loop, where they are known. */
      readonly items?: readonly unknown[];
    }
  /** A task that has not run yet will set what it needs, on this host or on another. */
  | {
      readonly kind: 'waits';
      readonly name: string;
      readonly on: string;
      readonly host: string;
      /** What the task will set; undefined for facts. */
      readonly variable: string | undefined;
    }
  | { readonly kind: 'unknown'; readonly name: string; readonly dependsOn: readonly string[] }
  | { readonly kind: 'failed'; readonly name: string; readonly problem: Problem };

/** The value of a condition such as `changed_when`. */
export type ConditionValue =
  | { readonly kind: 'value'; readonly holds: boolean; readonly condition: string }
  | { readonly kind: 'failed'; readonly problem: Problem };
