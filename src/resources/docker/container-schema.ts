import { type Static, Type } from 'typebox';
import { hostPath } from '../argument-schemas.ts';
import { dockerArguments } from './docker-client.ts';

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const any = (description: string) => Type.Optional(Type.String({ description }));
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const number = (description: string) => Type.Optional(Type.Integer({ description }));
const size = (description: string) =>
  Type.Optional(
    Type.String({ pattern: '^(0|-1|unlimited|\\d+(\\.\\d+)?\\s*[bkmgtpBKMGTP]?[iI]?[bB]?)$', description }),
  );
const texts = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }));
const mapping = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.Any(), { description }));
const either = (description: string) =>
  Type.Optional(Type.Union([Type.Array(Type.String()), Type.String()], { description }));
const closed = { additionalProperties: false };

const rates = (description: string) =>
  Type.Optional(
    Type.Array(Type.Object({ path: Type.String(), rate: Type.String() }, closed), { description }),
  );

const network = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    ipv4_address: text('address'),
    ipv6_address: text('address'),
    aliases: texts('further names'),
    links: texts('links'),
    mac_address: text('address'),
    driver_opts: mapping('options of the driver'),
    gw_priority: number('the highest is the way out'),
  },
  closed,
);

const mount = Type.Object(
  {
    target: Type.String({ minLength: 1 }),
    source: text('path, or volume'),
    type: Type.Optional(Type.Enum(['bind', 'npipe', 'tmpfs', 'volume', 'cluster', 'image'])),
    read_only: flag('cannot be written'),
    consistency: text('of Docker on other systems'),
    propagation: text('of bind mounts'),
    no_copy: flag('an empty volume stays empty'),
    labels: mapping('of a volume'),
    volume_driver: text('of a volume'),
    volume_options: mapping('of a volume'),
    tmpfs_size: size('of a tmpfs'),
    tmpfs_mode: text('of a tmpfs, octal'),
    create_mountpoint: flag('of bind mounts'),
    subpath: text('of a volume'),
    non_recursive: flag('of bind mounts'),
    read_only_non_recursive: flag('of bind mounts'),
    read_only_force_recursive: flag('of bind mounts'),
  },
  closed,
);

const healthcheck = Type.Object(
  {
    test: either('the command; NONE first for no check'),
    interval: text('time between checks'),
    timeout: text('time for one'),
    start_period: text('time before failures count'),
    start_interval: text('time between checks at first'),
    retries: number('failures that make it unhealthy'),
    test_cli_compatible: flag('accepted'),
  },
  { ...closed, description: 'how docker sees whether it is healthy' },
);

/** What a container is made of, each with an option of docker. */
const madeOf = {
  image: text('the image'),
  command: either('what it runs; a text is split into words'),
  entrypoint: texts('what runs it'),
  env: mapping('its environment; values are texts'),
  env_file: Type.Optional(hostPath('file of the host with more of it')),
  labels: mapping('its labels'),
  published_ports: texts('ports of the host that lead into it, as in 127.0.0.1:8080:80; or all'),
  exposed_ports: texts('ports that other containers see'),
  publish_all_ports: flag('the host gives a port for each that is exposed'),
  volumes: texts('directories of the host and volumes, as in /srv/data:/data:ro'),
  volumes_from: texts('containers whose volumes it has'),
  volume_driver: text('what makes its volumes'),
  mounts: Type.Optional(Type.Array(mount, { description: 'what is mounted in it' })),
  tmpfs: texts('directories in memory, as in /run:size=64m'),
  devices: texts('devices, as in /dev/ttyUSB0:/dev/ttyUSB0:rwm'),
  device_cgroup_rules: texts('rules for devices'),
  device_read_bps: rates('limits of reading, bytes'),
  device_read_iops: rates('limits of reading, operations'),
  device_write_bps: rates('limits of writing, bytes'),
  device_write_iops: rates('limits of writing, operations'),
  device_requests: Type.Optional(
    Type.Array(
      Type.Object(
        {
          capabilities: Type.Optional(Type.Array(Type.Array(Type.String()))),
          count: number('how many; -1 is all'),
          device_ids: texts('which'),
          driver: text('the driver'),
          options: mapping('its options'),
        },
        closed,
      ),
      { description: 'graphics processors and their like' },
    ),
  ),
  network_mode: text('how it is connected: bridge, host, none, container:NAME, or a network'),
  hostname: text('its name inside'),
  domainname: text('its domain'),
  mac_address: text('its hardware address'),
  dns_servers: texts('its name servers'),
  dns_search_domains: texts('domains to search'),
  dns_opts: texts('options of its resolver'),
  etc_hosts: mapping('more names and addresses'),
  links: texts('links to containers, as in db:database'),
  restart_policy: Type.Optional(
    Type.Enum(['no', 'on-failure', 'always', 'unless-stopped'], {
      description: 'when docker starts it again; in quotes: no',
    }),
  ),
  restart_retries: number('how often, with on-failure'),
  user: text('who it runs as'),
  groups: texts('further groups'),
  working_dir: text('directory of its command'),
  privileged: flag('may do everything'),
  capabilities: texts('rights beside those of docker'),
  cap_drop: texts('rights taken away'),
  security_opts: texts('options of security'),
  read_only: flag('its files cannot be written'),
  init: flag('an init inside'),
  interactive: flag('stdin stays open'),
  tty: flag('has a terminal'),
  auto_remove: flag('is removed when it ends'),
  cgroup_ns_mode: Type.Optional(Type.Enum(['host', 'private'], { description: 'namespace of cgroups' })),
  cgroup_parent: text('its cgroup is below this'),
  ipc_mode: text('namespace of IPC'),
  pid_mode: text('namespace of processes'),
  userns_mode: text('namespace of users'),
  uts: text('namespace of its name'),
  runtime: text('what runs containers'),
  platform: text('platform of the image'),
  log_driver: text('where its output goes'),
  log_options: mapping('options of that'),
  ulimits: texts('limits, as in nofile:1024:2048'),
  sysctls: mapping('settings of the kernel'),
  storage_opts: mapping('options of its storage'),
  shm_size: size('size of /dev/shm'),
  stop_signal: text('what ends it'),
  stop_timeout: number('seconds before it is killed'),
  memory: size('memory'),
  memory_reservation: size('memory that is kept for it'),
  memory_swap: size('memory with swap'),
  memory_swappiness: number('how willingly it swaps'),
  kernel_memory: size('memory of the kernel'),
  cpus: Type.Optional(Type.Number({ description: 'processors, as in 1.5' })),
  cpu_period: number('period of its share'),
  cpu_quota: number('its share of that'),
  cpu_shares: number('its weight'),
  cpuset_cpus: text('which processors'),
  cpuset_mems: text('which memory'),
  blkio_weight: number('weight of its disk accesses'),
  oom_killer: flag('true: it is not killed when memory runs out'),
  oom_score_adj: number('how soon it is'),
  pids_limit: number('how many processes'),
  healthcheck: Type.Optional(healthcheck),
};

/** The arguments of `docker_container`, as Ansible names them. */
export const containerSchema = Type.Object(
  {
    name: Type.String({ pattern: '^/?[A-Za-z0-9][A-Za-z0-9_.-]*$', description: 'the container' }),
    state: Type.Optional(
      Type.Enum(['absent', 'present', 'healthy', 'stopped', 'started'], {
        default: 'started',
        description: 'present leaves it running or not; healthy waits until its check says so',
      }),
    ),
    ...madeOf,
    networks: Type.Optional(Type.Array(network, { description: 'networks that it is in' })),
    purge_networks: Type.Optional(
      Type.Boolean({ default: false, description: 'it leaves networks that are not named' }),
    ),
    networks_cli_compatible: Type.Optional(
      Type.Boolean({ default: true, description: 'the first network takes the place of the default one' }),
    ),
    default_host_ip: any('address of published ports that name none; 0.0.0.0 without it'),
    comparisons: mapping('how options are compared: strict, ignore, allow_more_present; * for all'),
    recreate: Type.Optional(Type.Boolean({ default: false, description: 'make it anew each time' })),
    restart: Type.Optional(Type.Boolean({ default: false, description: 'restart it each time' })),
    paused: flag('its processes stand still'),
    pull: Type.Optional(
      Type.Union([Type.Enum(['always', 'missing', 'never']), Type.Boolean()], {
        default: 'missing',
        description: 'when the image is fetched; true is always, false is missing',
      }),
    ),
    pull_check_mode_behavior: Type.Optional(
      Type.Enum(['image_not_present', 'always'], { default: 'image_not_present', description: 'accepted' }),
    ),
    detach: Type.Optional(
      Type.Boolean({ default: true, description: 'false waits for its end, and fails with it' }),
    ),
    cleanup: Type.Optional(Type.Boolean({ default: false, description: 'with that: remove it then' })),
    output_logs: Type.Optional(
      Type.Boolean({ default: false, description: 'accepted: its output is in the result' }),
    ),
    force_kill: Type.Optional(Type.Boolean({ default: false, description: 'kill it where it is to stop' })),
    kill_signal: text('with which signal'),
    keep_volumes: Type.Optional(
      Type.Boolean({ default: true, description: 'false: volumes without a name go with it' }),
    ),
    healthy_wait_timeout: Type.Optional(
      Type.Number({ default: 300, description: 'seconds to wait for healthy' }),
    ),
    removal_wait_timeout: Type.Optional(Type.Number({ description: 'accepted: docker waits itself' })),
    image_name_mismatch: Type.Optional(
      Type.Enum(['ignore', 'recreate'], {
        default: 'recreate',
        description: 'of one image under another name',
      }),
    ),
    image_comparison: Type.Optional(
      Type.Enum(['desired-image', 'current-image'], { default: 'desired-image', description: 'accepted' }),
    ),
    image_label_mismatch: Type.Optional(
      Type.Enum(['ignore', 'fail'], { default: 'ignore', description: 'accepted' }),
    ),
    ignore_image: Type.Optional(
      Type.Boolean({ default: false, description: 'another image is no reason to make it anew' }),
    ),
    container_default_behavior: Type.Optional(
      Type.Enum(['compatibility', 'no_defaults'], { default: 'no_defaults', description: 'accepted' }),
    ),
    command_handling: Type.Optional(
      Type.Enum(['compatibility', 'correct'], { default: 'correct', description: 'accepted' }),
    ),
    ...dockerArguments,
  },
  { additionalProperties: false },
);

export type ContainerArguments = Static<typeof containerSchema>;

/** Other names of the arguments. */
export const containerAliases = {
  env: [],
  exposed_ports: ['exposed', 'expose'],
  published_ports: ['ports'],
  force_kill: ['forcekill'],
  log_options: ['log_opt'],
  cgroup_ns_mode: ['cgroupns_mode'],
};
