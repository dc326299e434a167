import { type Static, Type } from 'typebox';
import { packageChanges, refusePackages } from './apt/apt-change.ts';
import { aptNamePattern } from './apt/apt-name.ts';
import { packageKeys, packageResult } from './apt/apt-result.ts';
import { packageScript } from './apt/apt-script.ts';
import { type PackageState, probePackages } from './apt/apt-state.ts';
import { otherChanges, otherFault, otherNewer, otherScript } from './managers/other-manager.ts';
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
    Type.Optional(Type.Unknown({ description: 'of dnf, see there: the task fails on a host with apt' })),
  ]),
);

// Ansible hands them on to the package manager: these are apt's.
const aptArguments = {
  cache_valid_time: Type.Optional(
    Type.Integer({ minimum: 0, description: 'of apt: seconds for which lists are fresh' }),
  ),
  install_recommends: Type.Optional(
    Type.Boolean({ description: 'of apt: also install what packages recommend' }),
  ),
  allow_downgrade: Type.Optional(Type.Boolean({ default: false, description: 'of apt, see there' })),
  allow_unauthenticated: Type.Optional(Type.Boolean({ default: false, description: 'of apt, see there' })),
  autoremove: Type.Optional(Type.Boolean({ description: 'of apt: also remove what became unneeded' })),
  purge: Type.Optional(
    Type.Boolean({ default: false, description: 'of apt: remove configuration files too' }),
  ),
  force: Type.Optional(Type.Boolean({ default: false, description: 'of apt, see there' })),
  default_release: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._/=-]*$', description: 'of apt: the release to prefer' }),
  ),
  lock_timeout: Type.Optional(
    Type.Integer({ minimum: 0, description: 'of apt: seconds to wait for another package manager' }),
  ),
};

const schema = Type.Object(
  {
    name: Type.Array(Type.String({ pattern: aptNamePattern }), {
      description: 'the packages: name, name:arch or name=version',
    }),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent', 'installed', 'removed'], {
        default: 'present',
        description: 'latest also upgrades; apt knows neither installed nor removed',
      }),
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
    ...aptArguments,
    ...foreignArguments,
  },
  { additionalProperties: false },
);

type Given = Static<typeof schema>;
type Arguments = Omit<Given, 'state'> & { readonly state?: 'present' | 'latest' | 'absent' };

// What other managers call present and absent.
function settled(want: Given): Arguments {
  const { state, ...rest } = want;
  if (state === undefined) return rest;
  return { ...rest, state: state === 'installed' ? 'present' : state === 'removed' ? 'absent' : state };
}

function foreignWishes(want: Given): readonly string[] {
  const use = (want.use ?? 'auto').split('.').at(-1) ?? '';
  if (!['auto', 'apt'].includes(use))
    return [`use: ${use} is not the package manager of the host, which is apt`];
  if (want.state === 'installed' || want.state === 'removed')
    return [`state: ${want.state}: apt has no such state, use ${settled(want).state}`];
  const given = ofDnf.filter((name) => name in want);
  return given.length === 0 ? [] : [`${given.join(' and ')}: apt has no such argument`];
}

/** Packages of the host's own package manager. */
export const packageResource: HostResource<Given, PackageState> = {
  kind: 'host',
  name: 'package',
  summary: "Install, upgrade or remove packages with the host's package manager",
  schema,
  gives: packageKeys,
  argumentAliases: { name: ['pkg'] },
  effect: 'opaque',
  probe: (given) => probePackages(settled(given), otherNewer(settled(given))),
  refuse: (given, have) =>
    have.other === undefined
      ? [...foreignWishes(given), ...refusePackages(settled(given), have)]
      : otherFault(settled(given), have),
  diff: (given, have) =>
    have.other === undefined ? packageChanges(settled(given), have) : otherChanges(settled(given), have),
  steps(given, changes, have) {
    if (changes.length === 0) return [];
    const want = settled(given);
    const script = have.other === undefined ? packageScript(want, changes, have) : otherScript(want, have);
    return [{ kind: 'script', script }];
  },
  result: (given, have, outputs, before) => packageResult(settled(given), have, outputs, before),
};
