import { ExpectedError } from '../errors/expected-error.ts';
import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Block, Play, TaskNode } from '../language/model.ts';
import { isSelected } from '../language/tag-selection.ts';
import type { TaskInstance } from '../planner/instance.ts';
import type { Ready } from '../planner/question.ts';
import { blockScope, includedBy, instanceOf, playScope, type TaskScope } from '../planner/task-scope.ts';
import { inBackground } from '../resources/background.ts';
import { attemptBlock } from './block-attempt.ts';
import { decidedItems } from './decided-items.ts';
import { runExchange } from './exchange.ts';
import { runHandlers } from './handlers.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace } from './host-ports.ts';
import { runHostTask } from './host-task.ts';
import { leftToAnother, shareFailure, shareOnce } from './once.ts';
import { failedOutcome, soleResult } from './outcome.ts';
import { settledOutcome } from './settled-outcome.ts';
import { TaskFailure } from './task-failure.ts';

type Stage = HostPlace & HostAsks & HostApplies & HostEmits;

/** Ends a host's part in a play without a failure: `meta: end_host`, `meta: end_play`. */
class PlayLeft extends ExpectedError {}

/** Takes one host through the tasks of one play, in order. Throws TaskFailure, UnreachableError or Halted. */
export class PlayWalk {
  readonly #stage: Stage;
  /** Where `meta: end_role` was come to. */
  readonly #left: TaskInstance[] = [];
  #handling = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** All tasks, then the handlers they notified. */
  async walk(play: Play): Promise<void> {
    try {
      await untilLeft(() => this.#nodes(play.tasks, playScope(play)));
    } catch (error) {
      if (error instanceof TaskFailure && play.forceHandlers) await this.#forced();
      throw error;
    }
    await this.#stage.foreseeHandlers();
    await untilLeft(() => this.#handlers());
    await this.#stage.advance();
  }

  // The failure counts, whatever becomes of the handlers.
  async #forced(): Promise<void> {
    try {
      await untilLeft(() => this.#handlers());
      await this.#stage.advance();
    } catch (error) {
      if (!(error instanceof TaskFailure)) throw error;
    }
  }

  // What was changed before `end_play` is handled all the same.
  async #handlers(): Promise<void> {
    this.#handling = true;
    try {
      await runHandlers(this.#stage, (instance) => this.#task(instance));
    } finally {
      this.#handling = false;
    }
  }

  async #nodes(nodes: readonly TaskNode[], scope: TaskScope): Promise<void> {
    for (const node of nodes) {
      if ('block' in node) await this.#block(node.block, scope);
      else await this.#task(instanceOf(node.task, scope));
    }
  }

  async #block(block: Block, scope: TaskScope): Promise<void> {
    const { tasks, rescue, always } = block;
    const guarded = rescue.length + always.length > 0;
    try {
      try {
        const inner = () => this.#nodes(tasks, blockScope(scope, rescue.length > 0));
        await (block.allOrNothing ? attemptBlock(this.#stage, block, inner) : inner());
        if (guarded) await this.#stage.advance();
      } catch (error) {
        if (!(error instanceof TaskFailure) || rescue.length === 0) throw error;
        this.#stage.rescue(error);
        await this.#nodes(rescue, scope);
        await this.#stage.advance();
      }
    } catch (error) {
      if (error instanceof TaskFailure) await this.#nodes(always, scope).then(() => this.#stage.advance());
      throw error;
    }
    await this.#nodes(always, scope);
  }

  async #task(instance: TaskInstance): Promise<void> {
    const { task } = instance;
    const stage = this.#stage;
    await stage.context.pace.step();
    stage.board.checkPlanning(stage.host.passed);
    if (stage.board.ended && !this.#handling) throw new PlayLeft();
    const { tags, skipTags } = stage.context.request;
    if (!instance.handler && !isSelected(task.tags, tags, skipTags)) return stage.pass(instance);
    if (this.#left.some((end) => isInRoleOf(end, instance))) return stage.pass(instance);
    const once = stage.once(task);
    if (once && (await leftToAnother(stage, instance))) return stage.pass(instance);
    const began = performance.now();
    const evaluation = await stage.evaluated(instance);
    stage.host.at = evaluation.name;
    stage.context.watch(stage.host.name, { at: 'task', task: task.id, name: evaluation.name });
    if (!stage.host.observed && !['meta', 'include_tasks'].includes(task.resource)) {
      stage.context.reporting.begin(instance, evaluation.name, stage.board.active.size);
    }
    try {
      if (evaluation.kind === 'ready') await this.#ready(instance, evaluation, began);
      else await this.#settled(instance, evaluation, began);
      if (once) await shareOnce(stage, instance);
    } catch (error) {
      if (once && error instanceof TaskFailure) shareFailure(stage, instance);
      throw error;
    }
    stage.pass(instance);
    if (task.resource === 'group_by' || (task.delegateFacts && task.delegateTo && !instance.handler))
      await this.#allBehind(instance);
  }

  // Who reads a group, or what others give to another host, must find all of it behind the task.
  async #allBehind({ key }: TaskInstance): Promise<void> {
    const { board, host, context } = this.#stage;
    const behind = () =>
      [...board.active].every((name) => context.hosts.get(name)?.passed.has(key) !== false);
    board.poke();
    await board.wait(host.name, behind);
  }

  async #settled(
    instance: TaskInstance,
    evaluation: Exclude<TaskEvaluation, { kind: 'ready' }>,
    began: number,
  ): Promise<void> {
    const outcome = settledOutcome(evaluation);
    if (evaluation.kind === 'unknown') this.#stage.unknown(instance, evaluation.dependsOn);
    const skippedItems = evaluation.kind === 'skipped' ? evaluation.items : undefined;
    await this.#stage.finish({ instance, name: evaluation.name, ready: undefined, began, skippedItems }, [
      soleResult(outcome),
    ]);
  }

  async #ready(instance: TaskInstance, ready: Ready, began: number): Promise<void> {
    const stage = this.#stage;
    const { task } = instance;
    const turn = { instance, name: ready.name, ready, began };
    if (task.resource === 'meta') return await this.#meta(instance, ready);
    if (task.resource === 'include_tasks') return await this.#include(instance, ready, began);
    const resource = stage.context.resources.get(task.resource);
    if (!resource)
      throw new Error(`no resource named ${task.resource}: it should have been refused when loading`);
    if (resource.kind === 'host') {
      // What is not a command is short, or must not be cut off in the middle: it is waited for.
      const apart = ready.background !== undefined && resource.freeform === 'cmd';
      const acting = apart ? inBackground(resource, ready.background ?? 0) : resource;
      return await runHostTask(stage, { ...turn, resource: acting });
    }
    if (resource.kind === 'exchange') return await runExchange(stage, turn, resource);
    await stage.finish(turn, decidedItems(stage, turn, resource));
  }

  async #include(instance: TaskInstance, ready: Ready, began: number): Promise<void> {
    for (const { file, nodes, scope } of includedBy(instance, ready)) {
      if (nodes) await this.#nodes(nodes, scope);
      else {
        const outcome = failedOutcome(`include_tasks: there is no file ${file} beside the including file`);
        await this.#stage.finish({ instance, name: ready.name, ready, began }, [soleResult(outcome)]);
      }
    }
  }

  async #meta(instance: TaskInstance, ready: Ready): Promise<void> {
    const word = metaWord(ready.items[0]?.args ?? instance.task.args.value);
    if (word === 'flush_handlers') {
      await this.#stage.foreseeHandlers();
      await this.#handlers();
    } else if (word === 'end_role') this.#left.push(instance);
    else if (word === 'end_host' || word === 'end_play') {
      await this.#stage.advance();
      if (word === 'end_play') this.#stage.board.ended = true;
      throw new PlayLeft();
    }
  }
}

async function untilLeft(walk: () => Promise<void>): Promise<void> {
  try {
    await walk();
  } catch (error) {
    if (!(error instanceof PlayLeft)) throw error;
  }
}

// Of the same use of the role, or of a role that it brings.
function isInRoleOf(end: TaskInstance, { key, task }: TaskInstance): boolean {
  const prefix = end.key.slice(0, end.key.length - end.task.id.length);
  const left = end.task.role;
  const roles = task.role ? [task.role, ...task.role.parents] : [];
  return left !== undefined && key.startsWith(prefix) && roles.includes(left);
}

function metaWord(args: unknown): unknown {
  if (args === null || typeof args !== 'object') return args;
  return Object.values(args)[0];
}
