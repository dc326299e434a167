import type { Playbook } from '../../../../language/model.ts';
import type { AnyResource } from '../../../../resources/resource.ts';
import { logLine } from '../../resources/log-line.ts';
import { logWire } from '../../resources/log-wire.ts';
import { pickedPlaybook } from '../survey/picked-playbook.ts';

/**
 * What of a playbook proves that lines arrive, and nothing else: its plays and hosts, and in them exchanges alone, of any domain.
 * @param wire each log_line shows what went over the wire, too: it is a log_wire with the same arguments
 */
export function provingPlaybook(
  playbook: Playbook,
  resources: ReadonlyMap<string, AnyResource>,
  wire: boolean,
): Playbook {
  // The run is a dry one: these tasks alone do what they say.
  return pickedPlaybook(playbook, (task) => {
    const resource = resources.get(task.resource);
    if (resource?.kind !== 'exchange') return undefined;
    return { ...task, resource: (wire && resource === logLine ? logWire : resource).name, checkMode: false };
  });
}
