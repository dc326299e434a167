import { type Static, Type } from 'typebox';
import { packageChanges, refusePackages } from './apt/apt-change.ts';
import { aptNamePattern } from './apt/apt-name.ts';
import { packageScript } from './apt/apt-script.ts';
import { type PackageState, probePackages } from './apt/apt-state.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.Array(Type.String({ pattern: aptNamePattern }), {
      description: 'the packages: name, name:arch or name=version',
    }),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent'], { default: 'present', description: 'latest also upgrades' }),
    ),
    update_cache: Type.Optional(
      Type.Boolean({ default: false, description: 'fetch the package lists when they are old and needed' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

/** Packages of the host's own package manager, which so far must be apt. */
export const packageResource: HostResource<Arguments, PackageState> = {
  kind: 'host',
  name: 'package',
  summary: "Install, upgrade or remove packages with the host's package manager (so far apt)",
  schema,
  argumentAliases: { name: ['pkg'] },
  effect: 'opaque',
  probe: probePackages,
  refuse: refusePackages,
  diff: packageChanges,
  steps: (want, changes, have) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: packageScript(want, changes, have) }],
  result: (_want, have) => ({
    packages: have.known.map(({ name, version, status }) => ({ name, version, status })),
  }),
};
