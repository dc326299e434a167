import type { HostPlace } from './host-ports.ts';
import type { HostSection } from './host-session.ts';
import { handlerKey, rememberScript } from './host-state.ts';
import { comingHandlers } from './notification.ts';
import type { PlannedTurn } from './turn.ts';

/**
 * Writes down on the host which handlers the queued changes notify, before they are made:
 * a run that is cut off between a change and its restart forgets nothing.
 */
export function rememberingSections(stage: HostPlace, runs: readonly PlannedTurn[]): readonly HostSection[] {
  const { host, context } = stage;
  const keys = comingHandlers(stage, runs)
    .map((handler) => handlerKey(context.request.playbook.file, handler))
    .filter((key) => !host.remembered.has(key));
  if (keys.length === 0) return [];
  for (const key of keys) host.remembered.add(key);
  return [{ id: 'remember', script: rememberScript(keys), stopOnFailure: true, become: host.keeper }];
}
