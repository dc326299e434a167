import type { Playbook } from '../../../../language/model.ts';
import type { AnyResource } from '../../../../resources/resource.ts';
import { logLine } from '../../resources/log-line.ts';
import { logWire } from '../../resources/log-wire.ts';
import { pickedPlaybook } from '../survey/picked-playbook.ts';

/**
 * What of a playbook proves that lines arrive, and nothing else: its plays and hosts, and in them the tasks log_line alone.
 * @param wire each shows what went over the wire, too: it is a log_wire with the same arguments
 */
export function provingPlaybook(
  playbook: Playbook,
  resources: ReadonlyMap<string, AnyResource>,
  wire: boolean,
): Playbook {
  // The run is a dry one: these tasks alone do what they say.
  return pickedPlaybook(playbook, (task) =>
    resources.get(task.resource) === logLine
      ? { ...task, resource: (wire ? logWire : logLine).name, checkMode: false }
      : undefined,
  );
}
