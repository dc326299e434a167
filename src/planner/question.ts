import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Task } from '../language/model.ts';
import type { Ask } from '../probes/probe.ts';
import { inEnvironment, script } from '../probes/script.ts';
import type { AnyHostResource, ProbeOptions } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { TaskInstance } from './instance.ts';

/** An evaluation whose arguments are known. */
export type Ready = Extract<TaskEvaluation, { kind: 'ready' }>;

/** What one item of a task wants to know of its host. */
export interface Question {
  /** Names the task instance and its item. */
  readonly key: string;
  readonly item: number;
  readonly become: string | undefined;
  readonly asks: readonly Ask<unknown>[];
  /** What the answers depend on that name no paths of their own: a change there makes them stale. */
  readonly paths: readonly string[];
  /** Seconds until a script among the asks is ended; undefined is no limit. */
  readonly timeout?: number | undefined;
}

/** Why a question has no answer. */
export interface RefusedAnswer {
  readonly refused: string;
  /** What it had printed when it was ended, for its time was over. */
  readonly ended?: ScriptOutput;
}

/** What a host answered to a question: a value for each ask, or why it could not be asked. */
export type Answered = { readonly values: readonly unknown[] } | RefusedAnswer;

/** Whether the author declared a command as read-only: it then runs with the probes, also in check mode. */
export function isReadOnlyCommand(task: Task, resource: AnyHostResource, args: unknown): boolean {
  const isCommand = resource.freeform === 'cmd' && resource.repeats?.(args) === true;
  return isCommand && task.checkMode === false && neverChanges(task);
}

/** Whether `changed_when: false` says that a task never counts as a change. */
export function neverChanges({ changedWhen }: Task): boolean {
  const [condition, ...more] = changedWhen ?? [];
  return (condition?.value === false || condition?.value === 'false') && more.length === 0;
}

/** The questions of a task on a host, one per item that is not skipped. */
export function questionsOf(
  instance: TaskInstance,
  ready: Ready,
  resource: AnyHostResource,
  options: ProbeOptions,
): readonly Question[] {
  return ready.items.flatMap(({ args, skippedBy }, index) =>
    skippedBy !== undefined ? [] : questionOf(instance, ready, resource, options, args, index),
  );
}

/** What one item asks, before its steps and again after them. */
export function questionOf(
  { key, task }: TaskInstance,
  { become, environment, timeout }: Ready,
  resource: AnyHostResource,
  options: ProbeOptions,
  args: unknown,
  item: number,
): Question {
  const asks = isReadOnlyCommand(task, resource, args)
    ? [script(commandScript(resource, args))]
    : [
        ...resource.probe(args, options).asks,
        ...(options.observations ? (resource.premises?.(args).asks ?? []) : []),
      ];
  return {
    key: `${key}#${item}`,
    item,
    become,
    asks: asks.map((ask) => inEnvironment(ask, environment)),
    paths: resource.paths?.(args) ?? [],
    timeout,
  };
}

function commandScript(resource: AnyHostResource, args: unknown): string {
  const steps = resource.steps(args, resource.diff(args, undefined), undefined);
  return steps.map((step) => (step.kind === 'script' ? step.script : '')).join('\n');
}
