import { type Static, Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import type { HostResource } from './resource.ts';

const seconds = (description: string, usual: number) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400, default: usual, description }));

const schema = Type.Object(
  {
    delay: seconds('seconds before the host is asked', 0),
    timeout: seconds('accepted: how long a login may take is the business of the connection', 600),
    connect_timeout: seconds('accepted: as `timeout`', 5),
    sleep: seconds('accepted: as `timeout`', 1),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

/** A host is connected to before its first task: what is left is to see that it answers. */
export const waitForConnection: HostResource<Arguments, undefined> = {
  kind: 'host',
  name: 'wait_for_connection',
  summary: 'See that the host answers; it is connected to before its first task',
  schema,
  effect: 'read',
  volatile: true,
  probe: ({ delay = 0 }, { observations }) =>
    scriptProbe({ script: delay > 0 && !observations ? `sleep ${delay}` : ':', parse: () => undefined }),
  diff: () => [],
  steps: () => [],
  result: ({ delay = 0 }) => ({ elapsed: delay }),
};
