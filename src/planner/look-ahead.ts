import { type HostMemory, type HostValue, lateValue } from '../language/evaluate/host-memory.ts';
import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Task } from '../language/model.ts';
import type { AnyHostResource, AnyResource, ExchangeResource, ProbeOptions } from '../resources/resource.ts';
import { withWords, wordQuestions } from './host-words.ts';
import type { TaskInstance } from './instance.ts';
import { effectOf } from './item-plan.ts';
import { type Answered, isReadOnlyCommand, type Question, questionsOf, type Ready } from './question.ts';

/** What a look-ahead needs to know of its host. */
export interface LookAheadView {
  readonly resources: ReadonlyMap<string, AnyResource>;
  readonly options: ProbeOptions;
  readonly memory: HostMemory;
  evaluate(instance: TaskInstance): TaskEvaluation;
  /** False for a task whose probe runs elsewhere: delegated, or left to another host. */
  isOwn(instance: TaskInstance, ready: Ready): boolean;
  /** What the host has answered so far. */
  known(questions: readonly Question[]): ReadonlyMap<string, Answered | undefined>;
  /** Whether its change will really be made, not only planned. */
  applies(instance: TaskInstance): boolean;
  /** What is sent of an exchange before the hosts come to it, as a question. */
  sentAhead(
    instance: TaskInstance,
    ready: Ready,
    // biome-ignore lint/suspicious/noExplicitAny: the arguments are the resource's own affair.
    resource: ExchangeResource<any>,
  ): readonly Question[];
}

/**
 * The probes of all coming tasks whose inputs are known now.
 * What a coming task will register counts as pending for those behind it; the memory is left as it was.
 */
export function lookAhead(coming: Iterable<TaskInstance>, view: LookAheadView): readonly Question[] {
  const { values } = view.memory;
  const before = new Map<string, HostValue>(values);
  const questions: Question[] = [];
  try {
    for (const instance of coming) {
      const evaluation = view.evaluate(instance);
      const name = evaluation.name;
      const pend = (variable: string) => values.set(variable, { kind: 'pending', task: name });
      if (evaluation.kind === 'ready') {
        const resource = view.resources.get(instance.task.resource);
        if (resource?.kind === 'host' && !resource.volatile && view.isOwn(instance, evaluation)) {
          const words = wordQuestions(resource, evaluation);
          const known = view.known(words);
          questions.push(...words);
          const ready = withWords(resource, evaluation, known);
          if (![...known.values()].includes(undefined))
            questions.push(...questionsOf(instance, ready, resource, view.options));
          // What is behind a command that is sure to run must be asked after it anyway.
          if (!instance.handler && view.applies(instance) && surelyRuns(instance, ready, resource)) break;
        } else if (resource?.kind === 'exchange') {
          questions.unshift(...view.sentAhead(instance, evaluation, resource));
        } else if (resource?.kind === 'control') {
          for (const { args, skippedBy } of evaluation.items) {
            const facts = skippedBy === undefined ? resource.evaluate(args).facts : undefined;
            // What items give may be made of what those before them gave.
            for (const [key, value] of Object.entries(facts ?? {}))
              if (evaluation.items.length > 1 || instance.task.delegateFacts) pend(key);
              else if (instance.task.lateValues) values.set(key, lateValue(instance.task.args, key));
              else values.set(key, { kind: 'value', value });
          }
        }
      } else if (evaluation.kind === 'waits') for (const key of namesSetBy(instance.task)) pend(key);
      if (instance.task.register !== undefined) pend(instance.task.register);
    }
  } finally {
    values.clear();
    for (const [key, value] of before) values.set(key, value);
  }
  return questions;
}

function surelyRuns({ task }: TaskInstance, { items }: Ready, resource: AnyHostResource): boolean {
  return items.some(
    ({ args, skippedBy }) =>
      skippedBy === undefined &&
      resource.repeats?.(args) === true &&
      effectOf(resource, args) === 'opaque' &&
      !isReadOnlyCommand(task, resource, args),
  );
}

/** Variables that a task gives values to: by `register`, and by its arguments when it is a set_fact. */
export function namesSetBy({ args: { value }, register, resource }: Task): readonly string[] {
  const registered = register === undefined ? [] : [register];
  if (resource !== 'set_fact' || value === null || typeof value !== 'object') return registered;
  return [...Object.keys(value).filter((key) => key !== 'cacheable'), ...registered];
}
