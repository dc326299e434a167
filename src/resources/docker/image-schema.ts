import { type Static, Type } from 'typebox';
import { hostPath } from '../argument-schemas.ts';
import { dockerArguments } from './docker-client.ts';

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }));
const mapping = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.Any(), { description }));
const place = (description: string) => Type.Optional(hostPath(description));

const build = Type.Object(
  {
    path: hostPath('where its Dockerfile is'),
    args: mapping('values of ARG'),
    cache_from: Type.Optional(Type.Array(Type.String())),
    dockerfile: text('file in it'),
    http_timeout: Type.Optional(Type.Integer()),
    pull: flag('fetch newer base images'),
    network: text('network of RUN'),
    nocache: flag('use no cache'),
    rm: Type.Optional(Type.Boolean({ default: true })),
    etc_hosts: mapping('further names of hosts'),
    container_limits: Type.Optional(
      Type.Object(
        {
          cpusetcpus: text('processors'),
          cpushares: Type.Optional(Type.Integer()),
          memory: text('memory'),
          memswap: text('memory with swap'),
        },
        { additionalProperties: false },
      ),
    ),
    use_config_proxy: Type.Optional(Type.Boolean()),
    target: text('stage'),
    platform: text('platform'),
    shm_size: text('size of /dev/shm'),
    labels: mapping('labels'),
  },
  { additionalProperties: false, description: 'how it is built; `path` is a directory of the host' },
);

/** The arguments of `docker_image`, as Ansible names them. */
export const imageSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[^\\s-]\\S*$',
      description: 'the image, maybe with a tag or digest behind it',
    }),
    tag: Type.Optional(
      Type.String({
        pattern: '^[\\w][\\w.-]*$',
        default: 'latest',
        description: 'its tag, where the name has none',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    source: Type.Optional(
      Type.Enum(['build', 'load', 'pull', 'local'], {
        description: 'where it comes from; needed where it is to be present',
      }),
    ),
    build: Type.Optional(build),
    pull: Type.Optional(
      Type.Object(
        { platform: text('platform') },
        { additionalProperties: false, description: 'how it is fetched' },
      ),
    ),
    load_path: place('archive of the host that it is loaded from'),
    archive_path: place('archive of the host that it is kept in'),
    force_source: flag('build, load or pull it each time'),
    force_absent: flag('remove it also while containers use it'),
    force_tag: flag('tag it each time'),
    repository: text('further name that it gets'),
    push: flag('send it to its registry, each time'),
    ...dockerArguments,
  },
  { additionalProperties: false },
);

export type ImageArguments = Static<typeof imageSchema>;
