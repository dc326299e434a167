import { type Static, Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  { data: Type.Optional(Type.String({ default: 'pong', description: 'what to answer' })) },
  { additionalProperties: false },
);

/** Proves that the host can be reached and runs what it is sent. */
export const ping: HostResource<Static<typeof schema>, undefined> = {
  kind: 'host',
  name: 'ping',
  summary: 'Prove that the host answers',
  schema,
  effect: 'read',
  probe: () => scriptProbe({ script: ':', parse: () => undefined }),
  diff: () => [],
  steps: () => [],
  result: (want) => ({ ping: want.data ?? 'pong' }),
};
