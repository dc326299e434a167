import { type Static, Type } from 'typebox';
import { splitWords } from './commands/word-split.ts';
import { managedPackages, stateOf } from './managers/managed-packages.ts';
import type { ManagerState } from './managers/package-manager.ts';
import { zypperCommands } from './managers/zypper-commands.ts';
import type { HostResource } from './resource.ts';

const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));
const words = (description: string) => Type.Optional(Type.String({ description }));

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s-][^\\n]*$' }), {
        description: 'packages, as in nginx, nginx=1.20, a path or an address; * with latest is all',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent', 'dist-upgrade', 'installed', 'removed'], {
        default: 'present',
        description: 'latest also upgrades; dist-upgrade, with the name *, the whole system',
      }),
    ),
    type: Type.Optional(
      Type.Enum(['package', 'patch', 'pattern', 'product', 'srcpackage', 'application'], {
        default: 'package',
        description: 'what the names are',
      }),
    ),
    extra_args_precommand: words('further words before the command'),
    extra_args: words('further words for it'),
    disable_gpg_check: flag('signatures are not checked'),
    auto_import_keys: flag('new keys of repositories are taken'),
    disable_recommends: flag('what packages recommend is left out', true),
    force: flag('install it all the same'),
    force_resolution: flag('solve conflicts by removing'),
    update_cache: flag('lists older than an hour are fetched first'),
    oldpackage: flag('an older version may take the place of a newer one'),
    allow_vendor_change: flag('with dist-upgrade: packages may come from another vendor'),
    replacefiles: flag('files of other packages may be replaced'),
    clean_deps: flag('with absent: what nobody needs any more is removed, too'),
    simple_errors: flag('accepted: messages are short'),
    quiet: flag('say less', true),
    skip_post_errors: flag('accepted'),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

const split = (text = '') => splitWords(text) ?? [];

const managed = managedPackages(
  (want: Arguments) => {
    const everything = (want.name ?? []).some((one) => one.trim() === '*');
    return {
      names: (want.name ?? []).filter((one) => one.trim() !== '*'),
      state: stateOf(want.state),
      everything: everything && (want.state === 'latest' || want.state === 'dist-upgrade'),
      refresh: want.update_cache === true,
    };
  },
  (want) => {
    const set = (option: string, is: boolean | undefined) => (is ? [`--${option}`] : []);
    return zypperCommands({
      global: [
        ...set('quiet', want.quiet !== false),
        ...set('no-gpg-checks', want.disable_gpg_check),
        ...set('gpg-auto-import-keys', want.auto_import_keys),
        ...split(want.extra_args_precommand),
      ],
      ...(want.type !== undefined && { type: want.type }),
      installing: [
        ...set('no-recommends', want.disable_recommends !== false),
        ...set('force', want.force),
        ...set('force-resolution', want.force_resolution),
        ...set('oldpackage', want.oldpackage),
        ...set('replacefiles', want.replacefiles),
        ...split(want.extra_args),
      ],
      removing: [...set('clean-deps', want.clean_deps), ...split(want.extra_args)],
      ...(want.state === 'dist-upgrade' && {
        distribution: [
          ...set('allow-vendor-change', want.allow_vendor_change),
          ...set('no-recommends', want.disable_recommends !== false),
          ...set('replacefiles', want.replacefiles),
          ...split(want.extra_args),
        ],
      }),
    });
  },
);

/** Packages of SUSE. */
export const zypper: HostResource<Arguments, ManagerState> = {
  kind: 'host',
  name: 'zypper',
  summary: 'Install, upgrade or remove packages of SUSE',
  schema,
  argumentAliases: { name: ['pkg'], update_cache: ['refresh'] },
  ...managed,
  refuse: (want, have) =>
    want.state === 'dist-upgrade' && (want.name ?? []).some((one) => one.trim() !== '*')
      ? ['state: dist-upgrade takes no name but *']
      : managed.refuse(want, have),
};
