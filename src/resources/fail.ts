import { type Static, Type } from 'typebox';
import type { ControlResource } from './resource.ts';

const schema = Type.Object(
  {
    msg: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        default: 'Failed as requested from task',
        description: 'why the host fails; a list has a line each',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Fails the host with a message; `when` decides whether it is come to. */
export const fail: ControlResource<Static<typeof schema>> = {
  kind: 'control',
  name: 'fail',
  summary: 'Fail with a message',
  schema,
  evaluate({ msg = 'Failed as requested from task' }) {
    return { status: 'failed', message: typeof msg === 'string' ? msg : msg.join('\n'), result: { msg } };
  },
};
