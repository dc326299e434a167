import type { TaskInstance } from '../planner/instance.ts';
import { handlerInstance } from './coming-questions.ts';
import type { HostApplies, HostPlace } from './host-ports.ts';

/** Runs the notified handlers in the order in which they are written, and those that they notify. */
export async function runHandlers(
  stage: HostPlace & HostApplies,
  run: (instance: TaskInstance) => Promise<void>,
): Promise<void> {
  const { host, play } = stage;
  while (host.notified.size > 0) {
    const handler = play.handlers.find((candidate) => host.notified.has(candidate));
    if (!handler) break;
    host.handled.add(handler);
    if (host.queue.length > 0) host.queue.push({ undo: () => host.handled.delete(handler) });
    const instance = handlerInstance(handler, play, host);
    host.notified.delete(handler);
    await run(instance);
    if (stage.notifying || host.notified.size === 0) await stage.advance();
    host.handlerRuns.set(handler, (host.handlerRuns.get(handler) ?? 0) + 1);
  }
}
