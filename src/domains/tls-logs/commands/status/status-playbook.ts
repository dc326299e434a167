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
  return pickedPlaybook(playbook, (task) => {
    const resource = resources.get(task.resource);
    if (resource === trustState || watches(resource)) return task;
    return resource === logLine
      ? { ...task, resource: logHealth.name, checkMode: false, register: undefined }
      : undefined;
  });
}

/** Whether tasks of a resource say how something is that runs on. */
export function watches(resource: AnyResource | undefined): boolean {
  return resource?.kind === 'host' && resource.watches === true;
}
