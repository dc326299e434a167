import type { Answered } from '../planner/question.ts';
import { ProbeError } from '../probes/probe-error.ts';
import type { AnyHostResource } from '../resources/resource.ts';
import type { HostPlace } from './host-ports.ts';
import type { Turn } from './turn.ts';

/**
 * Emits what a task's probe saw, whatever the task is going to do about it. Only check mode does: a run that changes
 * it would report what is no more.
 */
export function emitObservations(
  { host, context }: HostPlace,
  { instance, ready, resource }: Turn,
  args: unknown,
  answered: Answered,
): void {
  if (!context.request.check || host.observed || !resource.observations) return;
  for (const seen of resource.observations(args, stateOf(resource, args, answered))) {
    const where = seen.here
      ? {}
      : { host: host.name, ...(ready.delegateTo && { delegatedTo: ready.delegateTo }) };
    context.emit({ type: 'observation', ...where, task: instance.task.id, seen });
  }
}

// An answer that makes no sense is reported as the task's own failure.
function stateOf(resource: AnyHostResource, args: unknown, answered: Answered): unknown {
  if ('refused' in answered) return undefined;
  try {
    return resource.probe(args, { contents: false, observations: true }).read(answered.values);
  } catch (error) {
    if (error instanceof ProbeError) return undefined;
    throw error;
  }
}
