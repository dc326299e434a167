import { randomBytes } from 'node:crypto';
import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Play, Task } from '../language/model.ts';
import { hasHost } from '../language/play-members.ts';
import { isSelected } from '../language/tag-selection.ts';
import type { TaskInstance } from '../planner/instance.ts';
import { lookAhead } from '../planner/look-ahead.ts';
import type { Question } from '../planner/question.ts';
import { sentAhead } from '../planner/sent-ahead.ts';
import { instanceOf, playScope, tasksOf } from '../planner/task-scope.ts';
import type { HostApplies, HostAsks, HostPlace } from './host-ports.ts';
import type { ManagedHost, SentToken } from './managed-host.ts';
import { comingHandlers } from './notification.ts';
import type { RunContext } from './run-context.ts';
import type { PlannedTurn } from './turn.ts';

/** The probes of everything that is before a host and can be asked now, as if the queued changes had been made. */
export function comingQuestions(
  stage: HostPlace & HostAsks & HostApplies,
  runs: readonly PlannedTurn[],
): readonly Question[] {
  const { host, context, board, play } = stage;
  const evaluate = (instance: TaskInstance) => stage.evaluate(instance);
  const handlers = handlersBehind(stage, runs);
  const begun = new Set([...host.passed, ...runs.map(({ instance }) => instance.key)]);
  const mayAlterAnything = (handler: Task) => {
    const resource = context.resources.get(handler.resource);
    return resource?.kind === 'host' && resource.effect === 'opaque' && !stage.checks(handler);
  };
  return lookAhead(comingTasks(context, host, play, handlers, begun, evaluate, mayAlterAnything), {
    resources: context.resources,
    options: context.options,
    memory: host.memory,
    evaluate,
    isOwn: ({ task }, ready) =>
      ready.delegateTo === undefined && (!stage.once(task) || board.first === host.name),
    known: (questions) => stage.known(questions),
    applies: ({ task }) => !stage.checks(task),
    sentAhead(instance, ready, resource) {
      if (host.changed || runs.length > 0 || stage.checks(instance.task)) return [];
      const { token } = sentTokenOf(host, instance);
      const question = sentAhead(instance, ready, resource, token);
      return question ? [question] : [];
    },
  });
}

// The handlers that are still to be run when these have been made: one among them has been, unless what comes behind it notifies it.
function handlersBehind(stage: HostPlace, runs: readonly PlannedTurn[]): ReadonlySet<Task> {
  const behind = new Set(stage.host.notified);
  for (const run of runs) {
    if (run.instance.handler) behind.delete(run.instance.task);
    for (const handler of comingHandlers(stage, [run])) behind.add(handler);
  }
  return behind;
}

function sentTokenOf({ ahead }: ManagedHost, { key }: TaskInstance): SentToken {
  const sent = ahead.get(key) ?? { token: randomBytes(9).toString('hex'), since: performance.now() };
  ahead.set(key, sent);
  return sent;
}

/** What a host still has before it: notified handlers, the rest of its play, the plays after it. */
function* comingTasks(
  context: Pick<RunContext, 'request'>,
  host: ManagedHost,
  play: Play,
  handlers: Iterable<Task>,
  begun: ReadonlySet<string>,
  evaluate: (instance: TaskInstance) => TaskEvaluation,
  mayAlterAnything: (handler: Task) => boolean,
): Generator<TaskInstance> {
  const { playbook, tags, skipTags } = context.request;
  for (const handler of handlers) yield handlerInstance(handler, play, host);
  // What stands behind handlers that may alter anything must be asked after them: asking it now would be for nothing.
  const turning = [...handlers].some((handler) => mayAlterAnything(handler));
  for (const next of playbook.plays.slice(playbook.plays.indexOf(play))) {
    if (!hasHost(next, host.name)) continue;
    for (const instance of tasksOf(next.tasks, playScope(next), evaluate)) {
      if (begun.has(instance.key) || !isSelected(instance.task.tags, tags, skipTags)) continue;
      if (turning && flushes(instance)) return;
      yield instance;
    }
    if (turning) return;
  }
}

function flushes({ task }: TaskInstance): boolean {
  const { value } = task.args;
  const words = value !== null && typeof value === 'object' ? Object.values(value) : [value];
  return task.resource === 'meta' && words.includes('flush_handlers');
}

/** A handler as a task; a second run of it in one play is another instance. */
export function handlerInstance(handler: Task, play: Play, host: ManagedHost): TaskInstance {
  const instance = instanceOf(handler, playScope(play), true);
  return { ...instance, key: `${instance.key}~${host.handlerRuns.get(handler) ?? 0}` };
}
