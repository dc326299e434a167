import { type Static, Type } from 'typebox';
import { splitWords } from './commands/word-split.ts';
import { managedPackages, stateOf } from './managers/managed-packages.ts';
import type { ManagerState } from './managers/package-manager.ts';
import { pacmanCommands } from './managers/pacman-commands.ts';
import type { HostResource } from './resource.ts';

const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }));
const words = (description: string) => Type.Optional(Type.String({ default: '', description }));

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s-]\\S*$' }), {
        description: 'packages, groups, files or addresses',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'installed', 'latest', 'absent', 'removed'], {
        default: 'present',
        description: 'latest also upgrades',
      }),
    ),
    force: flag('with absent: whatever depends on it; with update_cache: fetch lists in any case'),
    remove_nosave: flag('with absent: configuration goes, too'),
    executable: Type.Optional(
      Type.String({ default: 'pacman', pattern: '^[\\w./-]+$', description: 'the program' }),
    ),
    extra_args: words('further words for pacman'),
    update_cache: flag('lists older than an hour are fetched first'),
    update_cache_extra_args: words('further words for that'),
    upgrade: flag('all packages are upgraded'),
    upgrade_extra_args: words('further words for that'),
    reason: Type.Optional(
      Type.Enum(['dependency', 'explicit'], { description: 'why it is installed, as pacman notes it' }),
    ),
    reason_for: Type.Optional(
      Type.Enum(['all', 'new'], { default: 'new', description: 'only new is supported' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

const split = (text = '') => splitWords(text) ?? [];

const managed = managedPackages(
  (want: Arguments) => ({
    names: want.name ?? [],
    state: stateOf(want.state),
    everything: want.upgrade === true,
    refresh: want.update_cache === true,
  }),
  (want) =>
    pacmanCommands({
      installing: [
        ...(want.reason === undefined ? [] : [want.reason === 'explicit' ? '--asexplicit' : '--asdeps']),
        ...split(want.extra_args),
      ],
      upgrading: split(want.upgrade_extra_args),
      removing: [
        ...(want.force ? ['--nodeps', '--nodeps'] : []),
        ...(want.remove_nosave ? ['--nosave'] : []),
        ...split(want.extra_args),
      ],
      refreshing: [...(want.force ? ['--refresh'] : []), ...split(want.update_cache_extra_args)],
      programs: [want.executable ?? 'pacman'],
    }),
);

/** Packages of Arch Linux. */
export const pacman: HostResource<Arguments, ManagerState> = {
  kind: 'host',
  name: 'pacman',
  summary: 'Install, upgrade or remove packages of Arch Linux',
  schema,
  argumentAliases: { name: ['package', 'pkg'] },
  ...managed,
  refuse: (want, have) =>
    want.reason_for === 'all'
      ? ['reason_for: all is not supported: use command with pacman -D']
      : managed.refuse(want, have),
};
