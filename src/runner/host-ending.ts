import type { Problem } from '../errors/problem.ts';
import { ProbeError } from '../probes/probe-error.ts';
import { RunError, UnreachableError } from '../transport/connection.ts';
import type { ManagedHost } from './managed-host.ts';
import { HostRefused } from './opening.ts';
import type { RunContext } from './run-context.ts';
import { Halted, TaskFailure } from './task-failure.ts';

/**
 * Marks a host as ended by an error and reports it. Halted ends no host: it was only asked to begin nothing new.
 * Throws what is no fault of the host.
 */
export function endHost(context: RunContext, host: ManagedHost, error: unknown): void {
  if (error instanceof Halted) return;
  host.touch();
  host.queue = [];
  host.awaited.clear(); // what it has not set it never will: others need not wait for it
  if (error instanceof UnreachableError) host.ended = 'unreachable';
  else if (isFailure(error)) host.ended = 'failed';
  else throw error;
  const hint = 'hint' in error ? error.hint : undefined;
  const { message } = error;
  if (host.observed) {
    const left = `${host.name}, which --limit leaves out, cannot be read for templates: ${message}`;
    context.emit({ type: 'warning', message: left, host: host.name });
  } else if (error instanceof UnreachableError) {
    const advice = hint === undefined ? {} : { hint };
    context.emit({ type: 'host-unreachable', host: host.name, code: error.code, message, ...advice });
  } else {
    // A failed task has been reported and counted as a result of its own.
    if (!(error instanceof TaskFailure)) host.count('failed');
    const at = error instanceof TaskFailure ? { at: error.instance.task.at } : {};
    const problem: Problem = { code: 'task-failed', message, ...at };
    const text = hint === undefined ? message : `${message}\n${hint}`;
    context.emit({ type: 'host-failed', host: host.name, message: text, problem });
  }
}

type Failure = TaskFailure | RunError | HostRefused | ProbeError;

function isFailure(error: unknown): error is Failure {
  const kinds = [TaskFailure, RunError, HostRefused, ProbeError];
  return kinds.some((kind) => error instanceof kind);
}
