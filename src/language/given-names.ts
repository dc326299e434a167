import { isMapping } from '../jinja/values/value.ts';
import type { Task } from './model.ts';

const brought: Readonly<Record<string, string>> = { service_facts: 'services', package_facts: 'packages' };

/** Names that a task gives its host when it runs, by register, set_fact or facts of its own, or one that it adds. */
export function givenNames({ register, resource, args }: Task): readonly string[] {
  const facts = resource === 'set_fact' && isMapping(args.value) ? Object.keys(args.value) : [];
  const databases = resource === 'getent' && isMapping(args.value) ? [`getent_${args.value.database}`] : [];
  const own = facts.filter((name) => name !== 'cacheable');
  const added = resource === 'add_host' && isMapping(args.value) ? Object.keys(args.value) : [];
  const found = Object.hasOwn(brought, resource) ? [brought[resource] ?? ''] : [];
  return [...(register === undefined ? [] : [register]), ...own, ...added, ...databases, ...found];
}
