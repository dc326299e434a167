import { type Question, questionOf } from '../planner/question.ts';
import { withEnvironment } from '../probes/script.ts';
import type { ProbeOptions, Step } from '../resources/resource.ts';
import type { HostSection } from './host-session.ts';
import type { TaskRun } from './task-run.ts';

/** One item of a queued task that changes something. */
export interface QueuedItem {
  readonly run: TaskRun;
  /** `n` counts the task runs of the queue. */
  readonly n: number;
  readonly item: number;
  readonly steps: readonly Step[];
  /** A failure ends all that is behind it. */
  readonly stopOnFailure: boolean;
}

/** Names an item of a queue. */
export function itemKey(n: number, item: number): string {
  return `${n}.${item}`;
}

/** The items of queued task runs that change something, in order. */
export function queuedItems(runs: readonly TaskRun[]): readonly QueuedItem[] {
  return runs.flatMap((run, n) =>
    run.plans.flatMap((plan, item): QueuedItem[] => {
      if (plan?.status !== 'changed') return [];
      // All items of a loop are tried; nothing else stands behind them in a queue.
      const stopOnFailure = run.ready.items.length === 1 && run.instance.task.failedWhen === undefined;
      return [{ run, n, item, steps: plan.steps, stopOnFailure }];
    }),
  );
}

/** Consecutive scripts of an item as one section: the first that fails ends it. */
export function scriptSection(
  { run, n, item, stopOnFailure }: QueuedItem,
  scripts: readonly string[],
): HostSection {
  const { become, environment } = run.ready;
  const [only = ''] = scripts;
  const text = scripts.length === 1 ? only : scripts.map((one) => `(\n${one}\n) || exit $?`).join('\n');
  return { id: `s.${itemKey(n, item)}`, script: withEnvironment(text, environment), stopOnFailure, become };
}

/** What must be found without any difference after the steps. */
export function againQuestions(
  runs: readonly TaskRun[],
  options: ProbeOptions,
): ReadonlyMap<string, Question> {
  const questions = new Map<string, Question>();
  for (const { run, n, item } of queuedItems(runs)) {
    const { instance, ready, resource } = run;
    const args = ready.items[item]?.args;
    if (resource.repeats?.(args)) continue;
    questions.set(itemKey(n, item), questionOf(instance, ready, resource, options, args, item));
  }
  return questions;
}
