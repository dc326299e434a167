import { type PackageState, upgradesAll, type WantedPackages, wantedNames } from '../apt/apt-state.ts';
import type { Change } from '../resource.ts';
import { apkCommands } from './apk-commands.ts';
import {
  type ManagerCommands,
  type ManagerState,
  managerChanges,
  managerScript,
  readNewer,
  type Wish,
} from './package-manager.ts';
import { pacmanCommands } from './pacman-commands.ts';
import { rpmCommands } from './rpm-commands.ts';
import { zypperCommands } from './zypper-commands.ts';

/** What `package` wants, with what is for a manager other than apt. */
export interface OtherWish extends WantedPackages {
  readonly use?: string;
  readonly enablerepo?: unknown;
  readonly disablerepo?: unknown;
  readonly exclude?: unknown;
  readonly releasever?: unknown;
}

const ofApt = [
  'cache_valid_time',
  'install_recommends',
  'allow_downgrade',
  'allow_unauthenticated',
  'autoremove',
  'purge',
  'force',
  'default_release',
] as const;
const ofDnf = ['enablerepo', 'disablerepo', 'exclude', 'releasever'] as const;

function words(option: string, value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map((one) => `--${option}=${String(one)}`);
}

function commandsOf(manager: string, want: OtherWish): ManagerCommands {
  if (manager === 'apk') return apkCommands({});
  if (manager === 'pacman') return pacmanCommands({});
  if (manager === 'zypper') return zypperCommands({ global: ['--quiet'], installing: ['--no-recommends'] });
  return rpmCommands({ always: ofDnf.flatMap((name) => words(name, want[name])), programs: [manager] });
}

function wishOf(want: OtherWish): Wish {
  return {
    names: wantedNames(want).map(({ name }) => name),
    state: want.state ?? 'present',
    everything: upgradesAll(want),
    refresh: want.update_cache === true,
  };
}

function stateOf({ known, newer, other, powerless }: PackageState): ManagerState {
  return {
    program: other,
    powerless: powerless === true,
    installed: new Map(known.map(({ name, version }) => [name, version])),
    newer: readNewer(newer ?? ''),
    // Nobody asked how old they are: they are fetched before anything is installed.
    stale: true,
    failure: undefined,
  };
}

/** sh code that asks a manager other than apt what it would upgrade; nothing where that does not matter. */
export function otherNewer(want: OtherWish): string | undefined {
  if (want.state !== 'latest') return undefined;
  const { names } = wishOf(want);
  const managers = ['dnf', 'yum', 'zypper', 'pacman', 'apk'];
  const branches = managers.map((manager) => {
    const code = commandsOf(manager, want).newer(names);
    return `${manager}) provision_print newer "$(${code} 2>/dev/null)" ;;`;
  });
  return `provision_manager=
for provision_one in ${managers.join(' ')}; do ! command -v "$provision_one" >/dev/null || { provision_manager=$provision_one; break; }; done
case $provision_manager in
${branches.join('\n')}
esac`;
}

/** Why a manager other than apt cannot do it. */
export function otherFault(want: OtherWish, have: PackageState): readonly string[] {
  const { other = '' } = have;
  const use = (want.use ?? 'auto').split('.').at(-1);
  if (use !== 'auto' && use !== other)
    return [`use: ${use} is not the package manager of the host, which is ${other}`];
  const foreign = [
    ...ofApt.filter((name) => want[name] !== undefined && want[name] !== false),
    ...(['dnf', 'yum'].includes(other) ? [] : ofDnf.filter((name) => want[name] !== undefined)),
  ];
  if (foreign.length > 0) return [`${foreign.join(' and ')}: ${other} has no such argument`];
  const special = wantedNames(want).find(({ version, architecture }) => version ?? architecture);
  if (special) {
    const text = `${special.name}${special.version === undefined ? `:${special.architecture}` : `=${special.version}`}`;
    return [`${text}: ${other} is asked for this by its own module, not by package`];
  }
  return have.powerless && otherChanges(want, have).length > 0
    ? ['only root can install, upgrade or remove packages; add `become: true`']
    : [];
}

/** How packages differ on a host with a manager other than apt; lists are fetched only for what is to be done. */
export function otherChanges(want: OtherWish, have: PackageState): readonly Change[] {
  return managerChanges({ ...wishOf(want), refresh: false }, stateOf(have));
}

/** sh code that makes the changes there. */
export function otherScript(want: OtherWish, have: PackageState): string {
  return managerScript(commandsOf(have.other ?? '', want), wishOf(want), stateOf(have));
}
