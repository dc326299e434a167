import { isTemplate } from '../../jinja/values/template-marks.ts';
import { textOf } from '../../jinja/values/value.ts';
import type { AnyResource } from '../../resources/resource.ts';
import type { Play, Playbook, Source, Task } from '../model.ts';
import { conditionText, firstFalse } from './condition.ts';
import { isControlNode } from './connection-variables.ts';
import { FileCache } from './file-cache.ts';
import type { Memories } from './host-memory.ts';
import { type BecomeDefault, becomeUser, delegateOf, environmentOf } from './identity.ts';
import { limitedHosts } from './limited-hosts.ts';
import { itemLabel, itemVariables, loopItems } from './loop.ts';
import { falseForAll } from './loop-condition.ts';
import { Reads } from './reads.ts';
import { plainArguments, resourceArguments } from './resource-arguments.ts';
import { Scope } from './scope.ts';
import type { ScopeWorld } from './scope-world.ts';
import { stopped, type ValueEvaluation } from './stopped-evaluation.ts';
import type { ConditionValue, TaskEvaluation, TaskItem } from './task-evaluation.ts';
import { TaskFiles } from './task-files.ts';
import { limitsOf, triesOf } from './time-limit.ts';

/** Where a task is evaluated. */
export interface TaskContext {
  readonly host: string;
  readonly play: Play;
  /** Variables that includes and loops around the task added, ready values. */
  readonly added: ReadonlyMap<string, unknown>;
}

/** What an evaluator has to know about the run. */
export interface EvaluatorOptions {
  readonly check: boolean;
  /** Hosts of a play that still take part; all its hosts within the limit when left out. */
  readonly activeHosts?: (play: Play) => readonly string[];
  readonly becomeDefault?: BecomeDefault;
  /** What all evaluators of a run share; files are read once for all of them. */
  readonly files?: FileCache;
}

/** An item that cannot be evaluated any more. */
interface StoppedItem {
  readonly stopped: ReturnType<typeof stopped>;
}

interface Prepared {
  readonly scope: Scope;
  readonly files: TaskFiles;
}

/** Turns tasks into arguments for their resources, host by host, as far as their inputs are known. */
export class Evaluator {
  readonly #playbook: Playbook;
  readonly #resources: ReadonlyMap<string, AnyResource>;
  readonly #world: ScopeWorld;
  readonly #becomeDefault: BecomeDefault;
  readonly #files: FileCache;

  constructor(
    playbook: Playbook,
    memories: Memories,
    resources: ReadonlyMap<string, AnyResource>,
    options: EvaluatorOptions,
  ) {
    this.#playbook = playbook;
    this.#resources = resources;
    this.#files = options.files ?? new FileCache(playbook.vault);
    this.#becomeDefault = options.becomeDefault ?? { enabled: false, user: 'root' };
    this.#world = {
      playbook,
      memories,
      check: options.check,
      activeHosts: options.activeHosts ?? ((play) => limitedHosts(playbook, play)),
    };
  }

  /** What a task means for a host now; never throws for what the playbook says. */
  evaluate(task: Task, context: TaskContext): TaskEvaluation {
    const prepared = this.#prepare(task, context);
    const name = this.#name(task, prepared.scope);
    const reads = task.noLog || task.resource === 'set_fact' ? new Reads() : undefined;
    const kept = reads && { reads };
    try {
      return { ...this.#evaluate(task, context, prepared, name, reads), ...kept };
    } catch (error) {
      return { name, ...stopped(error, task.at, task.noLog), ...kept };
    }
  }

  /**
   * One item of a loop, looked at anew: those before it have set what it reads.
   * @param all the items as they were when the loop began
   */
  item(task: Task, context: TaskContext, all: readonly unknown[], index: number): TaskItem | StoppedItem {
    const prepared = this.#prepare(task, context);
    try {
      return this.#item(task, prepared, prepared.scope, all, index);
    } catch (error) {
      return { stopped: stopped(error, task.at, task.noLog) };
    }
  }

  /** Whether all conditions hold, with some more variables; `condition` is the one that was false. */
  condition(
    conditions: readonly Source[],
    task: Task,
    context: TaskContext,
    added: ReadonlyMap<string, unknown> = new Map(),
  ): ConditionValue {
    const scope = this.#prepare(task, context).scope.with(added);
    try {
      const failed = firstFalse(conditions, scope, this.#playbook);
      const condition = failed ?? conditions.map(conditionText).join(' and ');
      return { kind: 'value', holds: failed === undefined, condition };
    } catch (error) {
      const at = conditions[0]?.at() ?? task.at;
      const end = stopped(error, at, task.noLog);
      if (end.kind === 'failed') return end;
      const cause = end.kind === 'waits' ? end.on : end.dependsOn.join(', ');
      const message = `the condition cannot be decided before it is known what '${cause}' gives`;
      return { kind: 'failed', problem: { code: 'not-known', message, at } };
    }
  }

  /** The value of a part of a task, such as `ignore_errors`, with some more variables. */
  value(
    source: Source,
    task: Task,
    context: TaskContext,
    added: ReadonlyMap<string, unknown> = new Map(),
  ): ValueEvaluation {
    try {
      return { kind: 'value', value: this.#prepare(task, context).scope.with(added).value(source) };
    } catch (error) {
      return stopped(error, source.at(), task.noLog);
    }
  }

  /** The user that a play becomes on a host; undefined for none, and where facts decide, which are not known before it. */
  playUser(host: string, play: Play): string | undefined {
    const place = { host, play, task: undefined, added: new Map(), locals: new Map() };
    try {
      return becomeUser(undefined, play, new Scope(this.#world, place), this.#becomeDefault);
    } catch (error) {
      stopped(error, play.at, false);
      return undefined;
    }
  }

  #prepare(task: Task, { host, play, added }: TaskContext): Prepared {
    const files = new TaskFiles(this.#files, task.searchPath, this.#playbook.directory);
    return { files, scope: new Scope(this.#world, { host, play, task, added, locals: new Map(), files }) };
  }

  // A name is only shown: what cannot be evaluated in it stays as it is written.
  #name({ name, resource, at }: Task, scope: Scope): string {
    if (name === undefined || !isTemplate(name)) return name ?? resource;
    try {
      return textOf(scope.value({ value: name, at: () => at }));
    } catch {
      return name;
    }
  }

  #evaluate(
    task: Task,
    context: TaskContext,
    prepared: Prepared,
    name: string,
    reads: Reads | undefined,
  ): TaskEvaluation {
    const { scope } = prepared;
    // Conditions, and what is shown, are evaluated apart: what they read is no secret for that.
    const kept = reads ? scope.recording(reads) : scope;
    const looped = task.loop !== undefined;
    const condition = looped
      ? falseForAll(task, scope, this.#playbook)
      : firstFalse(task.when, scope, this.#playbook);
    if (condition !== undefined)
      return { kind: 'skipped', name, condition, ...this.#itemsKnown(task, scope) };
    const scopes = task.loop ? this.#loopScopes(task, task.loop, kept, scope) : [{ scope, item: undefined }];
    const all = scopes.map(({ item }) => item);
    const items = looped
      ? all.map((_, index) => this.#item(task, prepared, kept, all, index))
      : [
          {
            item: undefined,
            label: undefined,
            args: this.#arguments(task, { ...prepared, scope: kept }),
            skippedBy: undefined,
          },
        ];
    return {
      kind: 'ready',
      name,
      looped,
      items,
      become: becomeUser(task, context.play, scope, this.#becomeDefault),
      delegateTo: this.#delegate(
        task,
        scopes.map((one) => one.scope),
      ),
      environment: environmentOf(task, context.play, kept),
      ...limitsOf(task, scope),
      tries: triesOf(task, scope),
    };
  }

  #delegate({ delegateTo, resource }: Task, scopes: readonly Scope[]): string | undefined {
    const host = delegateTo && delegateOf(delegateTo, scopes, this.#playbook);
    const known = this.#resources.get(resource);
    const bridges = known?.kind === 'host' && known.bridges === true;
    return host !== undefined && bridges && isControlNode(this.#playbook, host) ? undefined : host;
  }

  // What is skipped need not be known; only what is registered of it has a result for each item.
  #itemsKnown(task: Task, scope: Scope): { readonly items?: readonly unknown[] } {
    try {
      return task.loop && task.register !== undefined
        ? { items: loopItems(task.loop, scope, this.#playbook, task.loopLookup) }
        : {};
    } catch (error) {
      stopped(error, task.at, true);
      return {};
    }
  }

  #item(task: Task, prepared: Prepared, kept: Scope, all: readonly unknown[], index: number): TaskItem {
    const item = all[index];
    const variables = itemVariables(task, item, index, all);
    const own = prepared.scope.with(variables);
    const skippedBy = firstFalse(task.when, own, this.#playbook);
    const label = itemLabel(task, item, own);
    const scope = kept === prepared.scope ? own : kept.with(variables);
    const args = skippedBy === undefined ? this.#arguments(task, { ...prepared, scope }) : undefined;
    return { item, label, args, skippedBy };
  }

  #loopScopes(
    task: Task,
    loop: Source,
    kept: Scope,
    scope: Scope,
  ): readonly { scope: Scope; item: unknown }[] {
    return loopItems(loop, kept, this.#playbook, task.loopLookup).map((item, index, items) => ({
      scope: scope.with(itemVariables(task, item, index, items)),
      item,
    }));
  }

  #arguments(task: Task, { scope, files }: Prepared): unknown {
    if (task.resource === 'include_tasks' || task.resource === 'meta') return plainArguments(task, scope);
    const resource = this.#resources.get(task.resource);
    if (!resource) throw new Error(`there is no resource '${task.resource}'`);
    return resourceArguments(resource, task, { playbook: this.#playbook, scope, files });
  }
}
