import { handlerKey, rememberScript } from './handler-record.ts';
import type { HostPlace } from './host-ports.ts';
import type { HostSection } from './host-section.ts';
import { comingHandlers } from './notification.ts';
import type { PlannedTurn } from './turn.ts';

/**
 * Writes down on the host which handlers the queued changes notify, before they are made:
 * a run that is cut off between a change and its restart forgets nothing.
 */
export function rememberingSections(stage: HostPlace, runs: readonly PlannedTurn[]): readonly HostSection[] {
  const { host, context } = stage;
  const { playbook } = context.request;
  const coming = new Set(comingHandlers(stage, runs));
  const handlers = [...coming].filter((handler) => !host.remembered.has(handlerKey(playbook, handler)));
  if (handlers.length === 0) return [];
  for (const handler of handlers) host.remembered.add(handlerKey(playbook, handler));
  const script = rememberScript(playbook, handlers);
  return [{ id: 'remember', script, stopOnFailure: true, become: host.stateOwner }];
}
