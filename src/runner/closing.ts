import type { Task } from '../language/model.ts';
import type { HostPlace } from './host-ports.ts';
import type { HostRun } from './host-run.ts';
import { forgetScript, handlerKey, statePrelude } from './host-state.ts';
import { discardScript } from './rollback.ts';

/**
 * Ends a play that has succeeded on a host: forgets handlers and the copies kept for a rollback.
 * @param done handlers that are owed no longer
 */
export function closePlay({ host, play, context }: HostPlace, done: Iterable<Task> = play.handlers): void {
  host.awaited.clear();
  const { check } = context.request;
  const keys = (check ? [] : [...done])
    .map((handler) => handlerKey(context.request.playbook.file, handler))
    .filter((key) => host.remembered.delete(key));
  const users = [...host.touchedAs];
  if (host.observed || (keys.length === 0 && users.length === 0)) return;
  const discards = users.map((become, n) => ({
    id: `discard.${play.index}.${n}`,
    script: discardScript(play.index),
    become,
  }));
  const forget =
    keys.length === 0
      ? []
      : [{ id: `forget.${play.index}`, script: forgetScript(keys), become: host.keeper }];
  const sections = [...forget, ...discards].map((section) => ({ ...section, stopOnFailure: false }));
  host.leftovers = [...host.leftovers, ...sections];
}

/** Cleans up what ended plays left to the next program, when there is none any more. */
export async function cleanUp(host: HostRun): Promise<void> {
  const sections = host.leftovers;
  host.leftovers = [];
  if (sections.length > 0) await host.session?.run(sections, { prelude: statePrelude });
}
