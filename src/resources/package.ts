import { type Static, Type } from 'typebox';
import { packageChanges, refusePackages } from './apt/apt-change.ts';
import { aptNamePattern } from './apt/apt-name.ts';
import { packageScript } from './apt/apt-script.ts';
import { type PackageState, probePackages } from './apt/apt-state.ts';
import type { HostResource } from './resource.ts';

const ofDnf = [
  'enablerepo',
  'disablerepo',
  'enable_plugin',
  'disable_plugin',
  'exclude',
  'releasever',
] as const;

// A role that serves several systems writes them beside a condition, or leaves them out by a template.
const foreignArguments = Object.fromEntries(
  ofDnf.map((name) => [
    name,
    Type.Optional(Type.Unknown({ description: 'of dnf: the task fails on a host with apt' })),
  ]),
);

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
    use: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_.]+$',
        default: 'auto',
        description: 'the package manager that must be the one of the host: auto, apt, dnf, ...',
      }),
    ),
    ...foreignArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

function foreignWishes(want: Arguments): readonly string[] {
  const use = (want.use ?? 'auto').split('.').at(-1) ?? '';
  if (!['auto', 'apt'].includes(use))
    return [`use: ${use} is not the package manager of the host, which is apt`];
  const given = ofDnf.filter((name) => name in want);
  return given.length === 0 ? [] : [`${given.join(' and ')}: apt has no such argument`];
}

/** Packages of the host's own package manager, which so far must be apt. */
export const packageResource: HostResource<Arguments, PackageState> = {
  kind: 'host',
  name: 'package',
  summary: "Install, upgrade or remove packages with the host's package manager (so far apt)",
  schema,
  argumentAliases: { name: ['pkg'] },
  effect: 'opaque',
  probe: probePackages,
  refuse: (want, have) => [...foreignWishes(want), ...refusePackages(want, have)],
  diff: packageChanges,
  steps: (want, changes, have) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: packageScript(want, changes, have) }],
  result: (_want, have) => ({
    packages: have.known.map(({ name, version, status }) => ({ name, version, status })),
  }),
};
