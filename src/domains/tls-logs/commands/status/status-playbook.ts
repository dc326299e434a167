import type { Playbook } from '../../../../language/model.ts';
import type { AnyResource } from '../../../../resources/resource.ts';
import { logHealth } from '../../resources/log-health.ts';
import { logLine } from '../../resources/log-line.ts';
import { trustState } from '../../resources/trust-state.ts';
import { pickedPlaybook } from '../survey/picked-playbook.ts';

/**
 * A playbook that looks where the other one proves: each log_line is a log_health with the same arguments. What hosts trust beyond what is
 * wanted is looked at too, and tasks that watch something; all else is left out.
 */
export function statusPlaybook(playbook: Playbook, resources: ReadonlyMap<string, AnyResource>): Playbook {
  const read = wordsOfWatching(playbook, resources);
  return pickedPlaybook(playbook, (task) => {
    const resource = resources.get(task.resource);
    if (resource === trustState || watches(resource)) return task;
    // What such a task reads of an earlier look: `when: before.stat.exists`.
    if (isLook(resource) && task.register !== undefined && read.has(task.register)) return task;
    return resource === logLine
      ? { ...task, resource: logHealth.name, checkMode: false, register: undefined }
      : undefined;
  });
}

function wordsOfWatching(
  playbook: Playbook,
  resources: ReadonlyMap<string, AnyResource>,
): ReadonlySet<string> {
  const words = new Set<string>();
  pickedPlaybook(playbook, (task) => {
    if (!watches(resources.get(task.resource))) return undefined;
    const text = JSON.stringify([task.args.value, ...task.when.map(({ value }) => value)]);
    for (const word of text.match(/\w+/g) ?? []) words.add(word);
    return task;
  });
  return words;
}

function isLook(resource: AnyResource | undefined): boolean {
  return resource?.kind === 'host' && resource.effect === 'read';
}

/** Whether tasks of a resource say how something is that runs on. */
export function watches(resource: AnyResource | undefined): boolean {
  return resource?.kind === 'host' && resource.watches === true;
}
