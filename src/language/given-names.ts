import { isMapping } from '../jinja/values/value.ts';
import type { Task } from './model.ts';

/** Names that a task gives its host when it runs, by register or set_fact. */
export function givenNames({ register, resource, args }: Task): readonly string[] {
  const facts = resource === 'set_fact' && isMapping(args.value) ? Object.keys(args.value) : [];
  return [...(register === undefined ? [] : [register]), ...facts.filter((name) => name !== 'cacheable')];
}
