import type { TaskInstance } from '../planner/instance.ts';
import type { Answered, Ready } from '../planner/question.ts';
import { ProbeError } from '../probes/probe-error.ts';
import type { AnyHostResource, CertificateSight } from '../resources/resource.ts';
import type { HostStage } from './host-stage.ts';

/**
 * Tells which certificates a task's probe saw, whatever the task is going to do about them. Only check mode tells:
 * a run that changes them would tell of what is no more. The private CA that a task names is the control node's.
 */
export function tellCertificates(
  { host, context }: HostStage,
  { task }: TaskInstance,
  { delegateTo }: Ready,
  resource: AnyHostResource,
  args: unknown,
  answered: Answered,
): void {
  if (!context.request.check || host.observed) return;
  const ca = authorityOf(resource, args);
  if (ca) context.emit({ type: 'certificate', task: task.id, sight: ca });
  for (const sight of sights(resource, args, answered)) {
    const place = delegateTo === undefined ? sight.place : `${delegateTo}:${sight.place}`;
    context.emit({ type: 'certificate', host: host.name, task: task.id, sight: { ...sight, place } });
  }
}

// An answer that makes no sense is told as the task's own failure.
function sights(resource: AnyHostResource, args: unknown, answered: Answered): readonly CertificateSight[] {
  if (!resource.certificates || 'refused' in answered) return [];
  try {
    return resource.certificates(
      args,
      resource.probe(args, { contents: false, certificates: true }).read(answered.values),
    );
  } catch (error) {
    if (error instanceof ProbeError) return [];
    throw error;
  }
}

function authorityOf({ authority }: AnyHostResource, args: unknown): CertificateSight | undefined {
  if (authority === undefined || args === null || typeof args !== 'object') return undefined;
  const place: unknown = Reflect.get(args, authority);
  const chain: unknown = Reflect.get(args, 'authority_certificate');
  if (typeof place !== 'string') return undefined;
  return { place, stage: 'issued', ...(typeof chain === 'string' && { chain }) };
}
