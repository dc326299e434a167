import { Type } from 'typebox';
import type { ControlResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    cacheable: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'accepted for playbooks that set it; facts are not kept between runs',
      }),
    ),
  },
  { additionalProperties: true, minProperties: 1, propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } },
);

type Arguments = { readonly [key: string]: Json };

/** Gives the host variables for the rest of the run. */
export const setFact: ControlResource<Arguments> = {
  kind: 'control',
  name: 'set_fact',
  summary: 'Give the host variables for the rest of the run',
  schema,
  evaluate(want) {
    const facts = Object.fromEntries(Object.entries(want).filter(([key]) => key !== 'cacheable'));
    return { status: 'ok', facts, result: { ansible_facts: facts } };
  },
};
