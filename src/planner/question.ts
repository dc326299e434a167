import type { TaskEvaluation } from '../language/evaluation.ts';
import type { Task } from '../language/model.ts';
import type { AnyHostResource, ProbeOptions } from '../resources/resource.ts';
import { quote } from '../shell/quote.ts';
import type { TaskInstance } from './instance.ts';

/** An evaluation whose arguments are known. */
export type Ready = Extract<TaskEvaluation, { kind: 'ready' }>;

/** One probe to send to a host. */
export interface Question {
  /** Names the task instance and its item. */
  readonly key: string;
  readonly become: string | undefined;
  readonly script: string;
  /** What its answer depends on: a change there makes the answer stale. */
  readonly paths: readonly string[];
}

/** Whether the author declared a command as a mere look: it then runs with the probes, also in check mode. */
export function isLook(task: Task, resource: AnyHostResource, args: unknown): boolean {
  const isCommand = resource.freeform === 'cmd' && resource.repeats?.(args) === true;
  return isCommand && task.checkMode === false && neverChanges(task);
}

/** Whether `changed_when: false` says that a task never counts as a change. */
export function neverChanges({ changedWhen }: Task): boolean {
  const [condition, ...more] = changedWhen ?? [];
  return (condition?.value === false || condition?.value === 'false') && more.length === 0;
}

/** Puts the task's environment before a script. */
export function withEnvironment(script: string, environment: Readonly<Record<string, string>>): string {
  const names = Object.entries(environment);
  return names.map(([name, value]) => `export ${name}=${quote(value)}\n`).join('') + script;
}

/** The probes of a task on a host, one per item that is not skipped. */
export function questionsOf(
  instance: TaskInstance,
  ready: Ready,
  resource: AnyHostResource,
  options: ProbeOptions,
): readonly Question[] {
  return ready.items.flatMap(({ args, skippedBy }, index) =>
    skippedBy !== undefined
      ? []
      : {
          key: `${instance.key}#${index}`,
          become: ready.become,
          script: withEnvironment(lookScript(instance.task, resource, args, options), ready.environment),
          paths: resource.paths?.(args) ?? [],
        },
  );
}

function lookScript(task: Task, resource: AnyHostResource, args: unknown, options: ProbeOptions): string {
  if (!isLook(task, resource, args)) return resource.probe(args, options).script;
  const steps = resource.steps(args, resource.diff(args, undefined), undefined);
  return steps.map((step) => (step.kind === 'script' ? step.script : '')).join('\n');
}
