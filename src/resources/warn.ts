import { type Static, Type } from 'typebox';
import type { ControlResource } from './resource.ts';

const schema = Type.Object(
  {
    msg: Type.String({
      minLength: 1,
      description: 'what is not as safe as it may seem, and what to do instead',
    }),
  },
  { additionalProperties: false },
);

/** Warns and goes on; `when` decides whether it is come to. */
export const warn: ControlResource<Static<typeof schema>> = {
  kind: 'control',
  name: 'warn',
  summary: 'Warn, at once and again above the recap; nothing is changed and nothing fails',
  schema,
  freeform: 'msg',
  evaluate: ({ msg }) => ({ status: 'ok', warnings: [msg], result: { msg } }),
};
