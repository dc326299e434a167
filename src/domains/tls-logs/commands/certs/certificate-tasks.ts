import type { Playbook, Task, TaskNode } from '../../../../language/model.ts';
import type { AnyHostResource, AnyResource } from '../../../../resources/resource.ts';
import { privateCaRoot } from '../../resources/private-ca-root.ts';

/** The tag by which a playbook lets a run concern certificates alone. */
export const certificateTag = 'certificates';

/** What a playbook has about certificates. */
export interface CertificateTasks {
  readonly some: boolean;
  /** Some task carries the tag. */
  readonly tagged: boolean;
}

/** Whether any task of a playbook sees certificates, and whether `--tags certificates` means something to it. */
export function certificateTasks(
  { plays }: Playbook,
  resources: ReadonlyMap<string, AnyResource>,
): CertificateTasks {
  const all = plays.flatMap(({ tasks }) => [...tasksOf(tasks)]);
  return {
    some: all.some((task) => observes(resources.get(task.resource))),
    tagged: all.some(({ tags }) => tags.includes(certificateTag)),
  };
}

// Whatever domain it is of.
function observes(resource: AnyResource | undefined): resource is AnyHostResource {
  return resource?.kind === 'host' && resource.observations !== undefined;
}

/** Whether a resource sees certificates on its host; private_ca_root sees none but the CA's own. */
export function seesCertificates(resource: AnyResource | undefined): resource is AnyHostResource {
  return observes(resource) && resource !== privateCaRoot;
}

function* tasksOf(nodes: readonly TaskNode[]): Generator<Task> {
  for (const node of nodes) {
    if ('block' in node) {
      const { tasks, rescue, always } = node.block;
      yield* tasksOf([...tasks, ...rescue, ...always]);
      continue;
    }
    yield node.task;
    for (const included of node.task.includes?.values() ?? []) yield* tasksOf(included);
  }
}
