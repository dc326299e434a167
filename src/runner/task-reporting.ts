import type { Task } from '../language/model.ts';
import type { TaskInstance } from '../planner/instance.ts';
import type { Change } from '../resources/resource.ts';
import type { RunEvent, Status, TaskResult } from './events.ts';
import type { ManagedHost } from './managed-host.ts';
import type { Outcome } from './outcome.ts';

/** What may be shown of how an item ended: with no_log, that it failed and nothing more. */
export function visibleMessage({ noLog }: Task, { status, message }: Outcome): string | undefined {
  if (!noLog || status === 'skipped') return message;
  return status === 'failed' ? 'the result is hidden because of no_log' : undefined;
}

function visibleChanges({ noLog, noDiff }: Task, { changes }: Outcome): readonly Change[] {
  if (noLog) return changes.map(({ attribute }) => ({ attribute }));
  return noDiff ? changes.map(({ text: _hidden, ...change }) => change) : changes;
}

/** Reports what becomes of tasks, and counts it for the recap. */
export class TaskReporting {
  readonly #emit: (event: RunEvent) => void;
  readonly #begun = new Set<string>();
  readonly #failedHandlers = new Set<string>();

  constructor(emit: (event: RunEvent) => void) {
    this.#emit = emit;
  }

  /** Reports that the first host has come to a task. */
  begin({ task, play, handler }: TaskInstance, name: string, hosts: number): void {
    const key = `${play.index} ${task.id}`;
    if (this.#begun.has(key)) return;
    this.#begun.add(key);
    this.#emit({ type: 'task-start', play: play.index, task: task.id, name, hosts, handler });
  }

  /** Reports how one item ended on one host. */
  item(
    host: ManagedHost,
    instance: TaskInstance,
    name: string,
    outcome: Outcome,
    details: ItemDetails,
  ): void {
    if (host.observed) return;
    const { task, play, handler } = instance;
    const { status } = outcome;
    const ignored = (details.ignored || details.rescued) && status === 'failed';
    host.touch();
    if (!ignored && !this.#failedBefore(host, instance, status, details.label)) host.count(status);
    else if (ignored && details.ignored) host.count('ignored');
    const hidden = task.noLog;
    const message = visibleMessage(task, outcome);
    const event: TaskResult = {
      type: 'task-result',
      host: host.name,
      play: play.index,
      task: task.id,
      name,
      resource: task.resource,
      status,
      handler,
      changes: visibleChanges(task, outcome),
      duration: Math.round(performance.now() - details.began),
      ...(details.label !== undefined && !hidden && { item: details.label }),
      ...(ignored && { ignored }),
      ...(message !== undefined && { message }),
      ...(outcome.dependsOn && { dependsOn: outcome.dependsOn }),
      ...(outcome.output && !hidden && { output: outcome.output }),
      ...(!hidden && { result: outcome.result }),
    };
    this.#emit(event);
    if (hidden) return;
    for (const warning of outcome.warnings ?? [])
      this.#emit({ type: 'warning', message: warning, host: host.name });
  }

  // A handler that failed runs again on the files that were put back: if it fails again, that is the same failure.
  #failedBefore(
    host: ManagedHost,
    { task, play, handler }: TaskInstance,
    status: Status,
    label = '',
  ): boolean {
    if (!handler || status !== 'failed') return false;
    const key = `${host.name} ${play.index} ${task.id} ${label}`;
    const known = this.#failedHandlers.has(key);
    this.#failedHandlers.add(key);
    return known;
  }
}

/** What is reported of an item beside its outcome. */
export interface ItemDetails {
  readonly label: string | undefined;
  readonly ignored: boolean;
  /** A rescue will take over if the item failed. */
  readonly rescued: boolean;
  readonly began: number;
}
