import { type Static, Type } from 'typebox';
import type { HostResource } from './resource.ts';
import { refuseUnit, unitChanges, unitResult, unitScript, wakesUnit } from './units/unit-change.ts';
import { probeUnit, type UnitState, unitPaths } from './units/unit-state.ts';

const schema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9:_.\\\\@-]+$', description: 'the service' }),
    state: Type.Optional(
      Type.Enum(['started', 'stopped', 'restarted', 'reloaded'], {
        description: 'restarted and reloaded act each time; reloaded starts a service that does not run',
      }),
    ),
    enabled: Type.Optional(Type.Boolean({ description: 'whether it starts at boot' })),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

/** A service: running or not, enabled or not. */
export const service: HostResource<Arguments, UnitState> = {
  kind: 'host',
  name: 'service',
  summary: 'Start, stop, restart or enable a service',
  schema,
  effect: 'opaque',
  repeats: wakesUnit,
  follows: (want) => !wakesUnit(want),
  probe: (want) => probeUnit(want.name, false, want.enabled !== undefined),
  reliesOn: (want) => unitPaths(want.name),
  refuse: refuseUnit,
  diff: unitChanges,
  steps: (want, changes, have) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: unitScript(want, changes, have) }],
  result: unitResult,
};
