import { type Static, Type } from 'typebox';
import { apkCommands } from './managers/apk-commands.ts';
import { managedPackages, stateOf } from './managers/managed-packages.ts';
import type { ManagerState } from './managers/package-manager.ts';
import type { HostResource } from './resource.ts';

const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }));

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s-]\\S*$' }), {
        description: 'packages, as in nginx, nginx=1.20.1-r3, nginx>1.20 or nginx@edge',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'installed', 'absent', 'removed', 'latest'], {
        default: 'present',
        description: 'latest also upgrades',
      }),
    ),
    available: flag('with upgrade: what a repository no longer has is replaced'),
    no_cache: flag('no lists are kept'),
    repository: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\S+$' }), {
        description: 'repositories beside those of the host',
      }),
    ),
    update_cache: flag('lists older than an hour are fetched first'),
    upgrade: flag('all packages are upgraded'),
    virtual: Type.Optional(
      Type.String({ pattern: '^[^\\s-]\\S*$', description: 'name under which they are installed together' }),
    ),
    world: Type.Optional(
      Type.String({ default: '/etc/apk/world', pattern: '^/', description: 'accepted: apk keeps it itself' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

const managed = managedPackages(
  (want: Arguments) => ({
    // The name that stands for all of them says whether they are installed.
    names: want.virtual === undefined || want.state === 'latest' ? (want.name ?? []) : [want.virtual],
    state: stateOf(want.state),
    everything: want.upgrade === true,
    refresh: want.update_cache === true,
  }),
  ({ no_cache, repository = [], virtual, available, name = [] }) => {
    const commands = apkCommands({
      always: [...(no_cache ? ['--no-cache'] : []), ...repository.flatMap((one) => ['--repository', one])],
      adding: virtual === undefined ? [] : ['--virtual', virtual],
      available: available === true,
    });
    return virtual === undefined ? commands : { ...commands, install: () => commands.install(name) };
  },
);

/** Packages of Alpine Linux. */
export const apk: HostResource<Arguments, ManagerState> = {
  kind: 'host',
  name: 'apk',
  summary: 'Install, upgrade or remove packages of Alpine Linux',
  schema,
  argumentAliases: { name: ['pkg'] },
  ...managed,
};
