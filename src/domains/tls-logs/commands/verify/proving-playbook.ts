import type { Playbook } from '../../../../language/model.ts';
import type { AnyResource } from '../../../../resources/resource.ts';
import { logLine } from '../../resources/log-line.ts';
import { pickedPlaybook } from '../survey/picked-playbook.ts';

/** What of a playbook proves that lines arrive, and nothing else: its plays and hosts, and in them the tasks log_line alone. */
export function provingPlaybook(playbook: Playbook, resources: ReadonlyMap<string, AnyResource>): Playbook {
  // The run is a dry one: these tasks alone do what they say.
  return pickedPlaybook(playbook, (task) =>
    resources.get(task.resource) === logLine ? { ...task, checkMode: false } : undefined,
  );
}
