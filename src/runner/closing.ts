import type { Task } from '../language/model.ts';
import { handlerKeys } from './handler-record.ts';
import type { HostPlace } from './host-ports.ts';
import type { HostSection } from './host-section.ts';
import { lastingLayers, layerName } from './layers.ts';
import type { ManagedHost } from './managed-host.ts';
import { dropScript, statePrelude } from './state-directories.ts';

/**
 * Ends a play that has succeeded on a host: forgets handlers and the copies kept for a rollback.
 * @param done handlers that are owed no longer
 */
export function closePlay({ host, play, context }: HostPlace, done: Iterable<Task> = play.handlers): void {
  host.awaited.clear();
  if (host.observed) return;
  const { check, playbook } = context.request;
  const keys = [...done]
    .flatMap((handler) => handlerKeys(playbook, handler))
    .filter((key) => host.remembered.delete(key));
  // A plan forgets them too, for it has listed them once, but the host keeps them.
  if (keys.length > 0 && !check)
    host.leave(
      host.stateOwner,
      keys.map((key) => `handlers/${key}`),
    );
  const own = host.layers.reversed.map(({ name }) => name);
  for (const become of host.touchedAs) dropCopies(host, become, own);
  const known = host.kept.size > 0 ? lastingLayers(playbook, play) : new Set<string>();
  dropKept(host, (name) => known.has(layerName(name)));
}

/** Lets the next program drop what a killed run has kept in other plays: what is changed now comes after it. */
export function dropForeign({ host, play, context }: HostPlace): void {
  const known = lastingLayers(context.request.playbook, play);
  dropKept(host, (name) => !known.has(layerName(name)));
}

function dropKept(host: ManagedHost, which: (name: string) => boolean): void {
  const names = [...host.kept].filter(which);
  for (const name of names) host.kept.delete(name);
  dropCopies(host, host.stateOwner, names);
}

function dropCopies(host: ManagedHost, become: string | undefined, names: readonly string[]): void {
  if (names.length > 0)
    host.leave(
      become,
      names.map((name) => `rollback/${name}`),
    );
}

/**
 * What ended plays left to be dropped, as sections of the next program.
 * @param last no change follows that would keep something anew
 */
export function leftoverSections(host: ManagedHost, last: boolean): readonly HostSection[] {
  return host.takeLeftovers().map(([become, paths], n) => ({
    id: `drop.${n}`,
    script: dropScript(paths, last),
    stopOnFailure: false,
    become,
  }));
}

/** Drops what ended plays left to the next program, when there is none any more. */
export async function cleanUp(host: ManagedHost): Promise<void> {
  const sections = leftoverSections(host, true);
  if (sections.length > 0) await host.session?.run(sections, { prelude: statePrelude });
}
