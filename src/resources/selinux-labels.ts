import { exists } from '../probes/exists.ts';
import { ProbeError } from '../probes/probe-error.ts';
import type { AnyHostResource, AnyResource } from './resource.ts';

const names = ['seuser', 'serole', 'setype', 'selevel'] as const;

// There while a kernel with SELinux has a policy, whether it is enforced or not.
const enabled = '/sys/fs/selinux/enforce';

/**
 * A resource that takes SELinux labels, with what they mean: nothing on a host without SELinux, as with Ansible. On one with
 * it the task fails, for labels are not set. Only where one is given the host is asked.
 * @param mark is there where SELinux is
 */
export function withSelinuxLabels(resource: AnyResource, mark = enabled): AnyResource {
  if (resource.kind !== 'host') return resource;
  const properties = 'properties' in resource.schema ? Object(resource.schema.properties) : {};
  return names.every((name) => Object.hasOwn(properties, name)) ? guarded(resource, mark) : resource;
}

function guarded(resource: AnyHostResource, mark: string): AnyHostResource {
  return {
    ...resource,
    probe(want, options) {
      const probe = resource.probe(want, options);
      const given = names.filter((name) => want[name] !== undefined);
      if (given.length === 0) return probe;
      return {
        asks: [...probe.asks, exists(mark, undefined)],
        read(answers) {
          const answer = answers.at(-1);
          if (answer instanceof ProbeError) throw answer;
          if (answer !== false) throw new ProbeError(`${given.join(', ')}: ${reason}`);
          return probe.read(answers.slice(0, -1));
        },
      };
    },
  };
}

const reason =
  'the host has SELinux, and labels are not set by this resource; leave them out, and run restorecon in a handler';
