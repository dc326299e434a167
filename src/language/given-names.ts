import { isMapping } from '../jinja/values/value.ts';
import type { Task } from './model.ts';

/** Names that a task gives its host when it runs, by register, set_fact or getent. */
export function givenNames({ register, resource, args }: Task): readonly string[] {
  const facts = resource === 'set_fact' && isMapping(args.value) ? Object.keys(args.value) : [];
  const databases = resource === 'getent' && isMapping(args.value) ? [`getent_${args.value.database}`] : [];
  const own = facts.filter((name) => name !== 'cacheable');
  return [...(register === undefined ? [] : [register]), ...own, ...databases];
}
