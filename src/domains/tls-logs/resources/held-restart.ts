import { type Static, Type } from 'typebox';
import type { HostResource } from '../../../resources/resource.ts';
import { refuseUnit, unitChanges } from '../../../resources/units/unit-change.ts';
import { probeUnit, type UnitState } from '../../../resources/units/unit-state.ts';
import { heldChanges, heldFaults } from './restarts/held-arguments.ts';
import { restartArguments, restartNeeds, restartStep } from './restarts/restart-arguments.ts';

const schema = Type.Object(restartArguments, { additionalProperties: false, ...restartNeeds });
type Args = Static<typeof schema>;

const wantedUnit = ({ service }: Args) => ({ name: service, state: 'restarted' }) as const;

/** A restart of a service while the hosts that send to it are held. */
export const heldRestart: HostResource<Args, UnitState> = {
  kind: 'host',
  name: 'held_restart',
  summary: 'Restart a service while the hosts that send to it are held, so that nothing is lost',
  schema,
  effect: 'opaque',
  repeats: () => true,
  probe: ({ service }) => probeUnit(service, false),
  refuse: (want, have) => [...heldFaults(want), ...refuseUnit(wantedUnit(want), have)],
  diff: (want, have) => [...unitChanges(wantedUnit(want), have), ...heldChanges(want)],
  steps: (want) => [restartStep(want)],
  result: ({ service }) => ({ name: service, state: 'started' }),
};
