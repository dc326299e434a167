import { type Static, Type } from 'typebox';
import { packageChanges, refusePackages } from './apt/apt-change.ts';
import { aptNamePattern } from './apt/apt-name.ts';
import { packageKeys, packageResult } from './apt/apt-result.ts';
import { defaultLockTimeout, packageScript } from './apt/apt-script.ts';
import { type PackageState, packagePremises, probePackages } from './apt/apt-state.ts';
import { needsOneOf, notBoth } from './argument-schemas.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.Array(Type.String({ pattern: aptNamePattern }), {
        description:
          'the packages: name, name:arch or name=version, where the version may end in *; * alone, with `latest`, is all that is installed',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent'], {
        default: 'present',
        description: 'latest also upgrades; without fresh lists (`update_cache`) it means what is known',
      }),
    ),
    deb: Type.Optional(
      Type.String({ pattern: '^/', description: 'absolute path on the host of a .deb file to install' }),
    ),
    upgrade: Type.Optional(
      Type.Enum(['no', 'yes', 'safe', 'full', 'dist'], {
        description: 'upgrade all packages: yes and safe remove none, full and dist may',
      }),
    ),
    update_cache: Type.Optional(
      Type.Boolean({
        description: 'fetch the package lists when they are older than `cache_valid_time` and needed',
      }),
    ),
    cache_valid_time: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'seconds for which lists are fresh, 3600 when not given; implies `update_cache`',
      }),
    ),
    install_recommends: Type.Optional(
      Type.Boolean({ description: 'also install what packages recommend; the host decides when not given' }),
    ),
    only_upgrade: Type.Optional(
      Type.Boolean({ default: false, description: 'leave packages alone that are not installed' }),
    ),
    allow_downgrade: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'a version that is named may be older than the installed one',
      }),
    ),
    allow_change_held_packages: Type.Optional(
      Type.Boolean({ default: false, description: 'packages on hold may be changed too' }),
    ),
    default_release: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._/=-]*$',
        description: 'the release to prefer, e.g. bookworm-backports',
      }),
    ),
    dpkg_options: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]+(, *[a-z0-9-]+)*$',
        default: 'force-confdef,force-confold',
        description: 'options for dpkg, without the dashes, between commas',
      }),
    ),
    purge: Type.Optional(Type.Boolean({ default: false, description: 'remove configuration files too' })),
    autoremove: Type.Optional(
      Type.Boolean({
        description:
          'remove packages that nothing needs any more: all of them, or with `name` those that became unneeded',
      }),
    ),
    autoclean: Type.Optional(
      Type.Boolean({
        description: 'remove package files from the cache that cannot be fetched any more',
      }),
    ),
    clean: Type.Optional(Type.Boolean({ description: 'remove all package files from the cache' })),
    fail_on_autoremove: Type.Optional(
      Type.Boolean({ default: false, description: 'fail where packages would have to be removed' }),
    ),
    allow_unauthenticated: Type.Optional(
      Type.Boolean({ default: false, description: 'packages that nobody signed, too: only for tests' }),
    ),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'all of `allow_`, and packages that apt would rather keep',
      }),
    ),
    policy_rc_d: Type.Optional(
      Type.Integer({ description: 'what /usr/sbin/policy-rc.d answers meanwhile: 101 starts no service' }),
    ),
    force_apt_get: Type.Optional(
      Type.Boolean({ default: false, description: 'accepted: apt-get does it in any case' }),
    ),
    update_cache_retries: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: 5,
        description: 'accepted: apt-get tries each address three times',
      }),
    ),
    update_cache_retry_max_delay: Type.Optional(
      Type.Integer({ minimum: 0, default: 12, description: 'accepted, as `update_cache_retries`' }),
    ),
    lock_timeout: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: defaultLockTimeout,
        description: 'seconds to wait for another package manager',
      }),
    ),
  },
  {
    additionalProperties: false,
    ...notBoth('name', 'deb'),
    ...needsOneOf(
      'name',
      'deb',
      'upgrade',
      'update_cache',
      'cache_valid_time',
      'autoremove',
      'autoclean',
      'clean',
    ),
  },
);

type Arguments = Static<typeof schema>;

/** Packages of Debian and its relatives. */
export const apt: HostResource<Arguments, PackageState> = {
  kind: 'host',
  name: 'apt',
  summary: 'Install, upgrade or remove packages with apt',
  schema,
  gives: [...packageKeys, 'cache_age'],
  argumentAliases: {
    name: ['package', 'pkg'],
    update_cache: ['update-cache'],
    default_release: ['default-release'],
    install_recommends: ['install-recommends'],
    allow_unauthenticated: ['allow-unauthenticated'],
    allow_downgrade: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
  },
  effect: 'opaque',
  probe: (want) => probePackages(want),
  premises: packagePremises,
  refuse: refusePackages,
  diff: packageChanges,
  steps: (want, changes, have) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: packageScript(want, changes, have) }],
  result: (want, have, outputs, before) => ({
    ...(have.listsAge !== undefined && { cache_age: have.listsAge }),
    ...packageResult(want, have, outputs, before),
  }),
};
