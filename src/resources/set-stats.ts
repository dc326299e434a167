import { type Static, Type } from 'typebox';
import type { ControlResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    data: Type.Record(Type.String(), Type.Any(), { description: 'names and values' }),
    per_host: Type.Optional(Type.Boolean({ default: false, description: 'for each host by itself' })),
    aggregate: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted: the result of each task has its own values' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

/** Values about the run, for whoever reads its results. */
export const setStats: ControlResource<Arguments> = {
  kind: 'control',
  name: 'set_stats',
  summary: 'Name values of the run: in the result of the task, and so in what `--json` prints',
  schema,
  evaluate: ({ data, per_host = false, aggregate = true }) => ({
    status: 'ok',
    result: { ansible_stats: { data: data as { readonly [key: string]: Json }, per_host, aggregate } },
  }),
};
