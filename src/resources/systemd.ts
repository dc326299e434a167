import { type Static, Type } from 'typebox';
import { needsOneOf } from './argument-schemas.ts';
import type { HostResource } from './resource.ts';
import { probeScopedUnit } from './units/scoped-unit.ts';
import {
  actsEachTime,
  refuseUnit,
  unitChanges,
  unitPremises,
  unitResult,
  unitScript,
  wakesUnit,
} from './units/unit-change.ts';
import { probeUnit, type UnitState, unitPaths } from './units/unit-state.ts';

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9:_.\\\\@-]+$',
        description: 'the unit; without a suffix such as .timer it is a service',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['started', 'stopped', 'restarted', 'reloaded'], {
        description: 'restarted and reloaded act each time; reloaded starts a unit that does not run',
      }),
    ),
    enabled: Type.Optional(Type.Boolean({ description: 'whether it starts at boot' })),
    masked: Type.Optional(Type.Boolean({ description: 'whether it is kept from being started at all' })),
    daemon_reload: Type.Optional(
      Type.Boolean({
        description: 'have systemd read its unit files again first, when they changed',
      }),
    ),
    daemon_reexec: Type.Optional(
      Type.Boolean({
        description: 'have systemd execute itself again first: done each time, and counted as a change',
      }),
    ),
    force: Type.Optional(
      Type.Boolean({ default: false, description: 'a link that is in the way of enabling is replaced' }),
    ),
    scope: Type.Optional(
      Type.Enum(['system', 'user', 'global'], {
        default: 'system',
        description: 'user: the units of the user that the task becomes; global: what all users get',
      }),
    ),
    no_block: Type.Optional(Type.Boolean({ default: false, description: 'do not wait until it is done' })),
  },
  { additionalProperties: false, ...needsOneOf('name', 'daemon_reload', 'daemon_reexec') },
);

type Arguments = Static<typeof schema>;

// Where units of users are; a home may be anywhere.
const usersUnits = [
  '/etc/systemd/user/',
  '/run/systemd/user/',
  '/usr/',
  '/home/',
  '/root/',
  '/var/lib/',
  '/srv/',
];

/** A unit of systemd: running or not, enabled or not. */
export const systemd: HostResource<Arguments, UnitState> = {
  kind: 'host',
  name: 'systemd',
  aliases: ['systemd_service'],
  summary: 'Start, stop, restart, enable or mask a unit of systemd',
  schema,
  gives: ['name', 'state', 'enabled', 'status'],
  argumentAliases: {
    name: ['service', 'unit'],
    daemon_reload: ['daemon-reload'],
    daemon_reexec: ['daemon-reexec'],
  },
  effect: 'opaque',
  repeats: actsEachTime,
  follows: (want) => !wakesUnit(want),
  probe: ({ name, daemon_reload, enabled, masked, scope = 'system' }) =>
    scope !== 'system'
      ? probeScopedUnit(scope, name)
      : probeUnit(name, daemon_reload ?? false, enabled !== undefined || masked !== undefined),
  reliesOn: ({ name, scope = 'system' }) => (scope === 'system' ? unitPaths(name) : usersUnits),
  premises: unitPremises,
  refuse: refuseUnit,
  diff: unitChanges,
  steps: (want, changes, have) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: unitScript(want, changes, have) }],
  result: unitResult,
};
