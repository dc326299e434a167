import { type Static, Type } from 'typebox';
import { pythonJson } from '../python/python-json.ts';
import type { ControlResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    msg: Type.Optional(
      Type.Any({
        default: 'Failed as requested from task',
        description: 'why the host fails; a list has a line each',
      }),
    ),
  },
  { additionalProperties: false },
);

function shown(msg: unknown): string {
  if (typeof msg === 'string') return msg;
  if (Array.isArray(msg)) return msg.map(shown).join('\n');
  return typeof msg === 'boolean' ? (msg ? 'True' : 'False') : pythonJson(msg);
}

/** Fails the host with a message; `when` decides whether it is come to. */
export const fail: ControlResource<Static<typeof schema>> = {
  kind: 'control',
  name: 'fail',
  summary: 'Fail with a message',
  schema,
  evaluate({ msg = 'Failed as requested from task' }) {
    return { status: 'failed', message: shown(msg), result: { msg: msg as Json } };
  },
};
