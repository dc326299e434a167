import { type Static, Type } from 'typebox';
import { managedPackages, stateOf } from './managers/managed-packages.ts';
import type { ManagerState } from './managers/package-manager.ts';
import { rpmCommands } from './managers/rpm-commands.ts';
import type { HostResource } from './resource.ts';

const text = (description: string) => Type.Optional(Type.String({ pattern: '^[^\\s-]\\S*$', description }));
const texts = (description: string) =>
  Type.Optional(Type.Array(Type.String({ pattern: '^\\S+$' }), { description }));
const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s-][^\\n]*$' }), {
        description: 'packages, as in nginx, nginx-1.20, @group, a path or an address; * with latest is all',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['absent', 'present', 'installed', 'removed', 'latest'], {
        description: 'latest also upgrades; present without it, absent with autoremove',
      }),
    ),
    list: text('refused: use package_facts'),
    enablerepo: texts('repositories that are used beside others'),
    disablerepo: texts('repositories that are not used'),
    conf_file: text('configuration of dnf'),
    disable_gpg_check: flag('signatures are not checked'),
    installroot: Type.Optional(
      Type.String({ default: '/', pattern: '^/', description: 'where the system is' }),
    ),
    security: flag('with latest: only updates about security'),
    bugfix: flag('with latest: only those that mend'),
    enable_plugin: texts('plugins that are used'),
    disable_plugin: texts('plugins that are not used'),
    disable_excludes: text('configuration whose excludes do not count: all, main, or a repository'),
    exclude: texts('packages that are left alone'),
    releasever: text('the release'),
    autoremove: flag('what nobody needs any more is removed, too'),
    update_cache: flag('lists older than an hour are fetched first'),
    update_only: flag('with latest: what is not installed stays so'),
    cacheonly: flag('nothing is fetched'),
    download_only: flag('refused: use command'),
    download_dir: text('of `download_only`'),
    install_repoquery: flag('accepted', true),
    install_weak_deps: flag('what packages recommend is installed, too', true),
    allow_downgrade: flag('accepted: dnf downgrades to a version that is named'),
    allowerasing: flag('what is in the way is removed'),
    nobest: flag('older versions will do'),
    best: Type.Optional(Type.Boolean({ description: 'only the newest will do' })),
    skip_broken: flag('what cannot be installed is left out'),
    validate_certs: flag('servers of packages are checked', true),
    sslverify: flag('servers of repositories are checked', true),
    lock_timeout: Type.Optional(Type.Integer({ default: 30, description: 'accepted: dnf waits itself' })),
    use_backend: Type.Optional(
      Type.Enum(['auto', 'yum', 'yum4', 'dnf', 'dnf4', 'dnf5'], {
        default: 'auto',
        description: 'the program',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

function named({ name = [] }: Arguments): readonly string[] {
  return name
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== '*');
}

function options(want: Arguments): readonly string[] {
  const each = (option: string, values: readonly string[] = []) => values.map((one) => `--${option}=${one}`);
  const set = (option: string, is: boolean | undefined, word = `--${option}`) => (is ? [word] : []);
  return [
    ...(want.conf_file === undefined ? [] : [`--config=${want.conf_file}`]),
    ...each('disablerepo', want.disablerepo),
    ...each('enablerepo', want.enablerepo),
    ...each('disableplugin', want.disable_plugin),
    ...each('enableplugin', want.enable_plugin),
    ...each('exclude', want.exclude),
    ...(want.disable_excludes === undefined ? [] : [`--disableexcludes=${want.disable_excludes}`]),
    ...(want.releasever === undefined ? [] : [`--releasever=${want.releasever}`]),
    ...(want.installroot === undefined || want.installroot === '/'
      ? []
      : [`--installroot=${want.installroot}`]),
    ...set('nogpgcheck', want.disable_gpg_check),
    ...set('cacheonly', want.cacheonly),
    ...set('sslverify', want.sslverify === false || want.validate_certs === false, '--setopt=sslverify=0'),
  ];
}

const managed = managedPackages(
  (want: Arguments) => ({
    names: named(want),
    state: stateOf(want.state ?? (want.autoremove ? 'absent' : 'present')),
    everything: want.state === 'latest' && (want.name ?? []).some((one) => one.trim() === '*'),
    refresh: want.update_cache === true,
    updateOnly: want.update_only === true && want.state === 'latest',
  }),
  (want) => {
    const { use_backend: backend = 'auto' } = want;
    const program = backend.replace(/^(dnf|yum)4$/, 'dnf');
    return rpmCommands({
      always: options(want),
      installing: [
        ...(want.install_weak_deps === false ? ['--setopt=install_weak_deps=False'] : []),
        ...(want.allowerasing ? ['--allowerasing'] : []),
        ...(want.skip_broken ? ['--skip-broken'] : []),
        ...(want.nobest || want.best === false ? ['--nobest'] : []),
        ...(want.best ? ['--best'] : []),
      ],
      security: [...(want.security ? ['--security'] : []), ...(want.bugfix ? ['--bugfix'] : [])],
      autoremove: want.autoremove === true,
      ...(backend !== 'auto' && { programs: [program] }),
    });
  },
);

/** Packages of a system with RPM and dnf or yum. */
export const dnf: HostResource<Arguments, ManagerState> = {
  kind: 'host',
  name: 'dnf',
  aliases: ['yum', 'dnf5'],
  summary: 'Install, upgrade or remove packages of a system with RPM, with dnf or yum',
  schema,
  argumentAliases: { name: ['pkg'], update_cache: ['expire-cache'] },
  ...managed,
  refuse(want, have) {
    if (want.list !== undefined) return ['list is not supported: use package_facts'];
    if (want.download_only) return ['download_only is not supported: use command with dnf download'];
    if (want.autoremove && named(want).length === 0)
      return ['autoremove without name is not supported: use command with dnf autoremove'];
    return managed.refuse(want, have);
  },
};
