import { Type } from 'typebox';
import { needsOneOf } from './argument-schemas.ts';
import type { HostResource } from './resource.ts';
import {
  refuseUnit,
  unitChanges,
  unitResult,
  unitScript,
  type WantedUnit,
  wakesUnit,
} from './units/unit-change.ts';
import { probeUnit, type UnitState, unitPaths } from './units/unit-state.ts';

const schema = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9:_.\\\\@-]+$', description: 'the service' })),
    state: Type.Optional(
      Type.Enum(['started', 'stopped', 'restarted', 'reloaded'], {
        description: 'restarted and reloaded act each time; reloaded starts a service that does not run',
      }),
    ),
    enabled: Type.Optional(Type.Boolean({ description: 'whether it starts at boot' })),
    masked: Type.Optional(Type.Boolean({ description: 'whether it is kept from being started at all' })),
    daemon_reload: Type.Optional(
      Type.Boolean({ description: 'have systemd read its unit files again first, when they changed' }),
    ),
    no_block: Type.Optional(Type.Boolean({ default: false, description: 'do not wait until it is done' })),
    ...Object.fromEntries(
      ['arguments', 'pattern', 'runlevel', 'sleep', 'use'].map((word) => [
        word,
        Type.Optional(
          Type.Union([Type.String(), Type.Number()], {
            description: 'accepted: for other service managers, systemd has no use for it',
          }),
        ),
      ]),
    ),
  },
  { additionalProperties: false, ...needsOneOf('name', 'daemon_reload') },
);

type Arguments = WantedUnit;

/** A service: running or not, enabled or not. */
export const service: HostResource<Arguments, UnitState> = {
  kind: 'host',
  name: 'service',
  summary: 'Start, stop, restart or enable a service',
  schema,
  gives: ['name', 'state', 'enabled', 'status'],
  argumentAliases: { arguments: ['args'] },
  effect: 'opaque',
  repeats: wakesUnit,
  follows: (want) => !wakesUnit(want),
  probe: ({ name, daemon_reload, enabled, masked }) =>
    probeUnit(name, daemon_reload ?? false, enabled !== undefined || masked !== undefined),
  reliesOn: (want) => unitPaths(want.name),
  refuse: refuseUnit,
  diff: unitChanges,
  steps: (want, changes, have) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: unitScript(want, changes, have) }],
  result: unitResult,
};
