import { splitWords } from '../commands/word-split.ts';
import type { ContainerArguments } from './container-schema.ts';
import {
  bytesOf,
  deviceText,
  durationOf,
  mountText,
  portText,
  publishedPortsOf,
  volumeText,
} from './container-values.ts';
import { asTexts, type Inspected, member } from './docker-client.ts';

/** How an option is compared where nothing else is said: texts all together, or each by itself. */
type Shape = 'value' | 'list' | 'set';

/** One thing that a container is made with: what is wanted, what it has, and the words of docker that say it. */
export interface ContainerOption {
  readonly name: keyof ContainerArguments;
  readonly shape: Shape;
  /** `docker update` takes it: the container need not be made anew. */
  readonly update?: true;
  wanted(want: ContainerArguments): readonly string[] | undefined;
  found(have: Inspected): readonly string[];
  words(want: ContainerArguments): readonly string[];
}

type Name = keyof ContainerArguments;

function text(value: unknown): readonly string[] {
  return value === undefined || value === null || value === '' ? [] : [String(value)];
}

function listed(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return value !== null && typeof value === 'object'
    ? Object.entries(value).map(([name, one]) => (one === '' ? name : `${name}=${String(one)}`))
    : [];
}

function single(
  name: Name,
  flag: string,
  at: readonly string[],
  settle: (value: unknown) => string | undefined = String,
  more: { readonly update?: true; readonly nothing?: string } = {},
): ContainerOption {
  const normal = (value: unknown) => (value === undefined ? undefined : (settle(value) ?? String(value)));
  return {
    name,
    shape: 'value',
    ...(more.update && { update: true }),
    wanted: (want) => (want[name] === undefined ? undefined : text(normal(want[name]))),
    found: (have) => {
      const [only] = text(member(have, ...at));
      return only === undefined ? text(more.nothing) : text(normal(only));
    },
    words: (want) => [flag, String(want[name])],
  };
}

function truth(name: Name, flag: string, at: readonly string[]): ContainerOption {
  return {
    name,
    shape: 'value',
    wanted: (want) => (want[name] === undefined ? undefined : [String(want[name])]),
    found: (have) => [String(member(have, ...at) ?? false)],
    words: (want) => [`${flag}=${String(want[name])}`],
  };
}

/** @param settle what both sides are made before they are compared */
function several(
  name: Name,
  flag: string,
  at: readonly string[],
  settle: (one: string) => string = (one) => one,
  shape: Shape = 'set',
): ContainerOption {
  return {
    name,
    shape,
    wanted: (want) => (want[name] === undefined ? undefined : listed(want[name]).map(settle)),
    found: (have) => listed(member(have, ...at)).map(settle),
    words: (want) => listed(want[name]).flatMap((one) => [flag, one]),
  };
}

function pairs(name: Name, flag: string, at: readonly string[], separator = '='): ContainerOption {
  const texts = (want: ContainerArguments) =>
    asTexts(want[name] as Record<string, unknown>).map(([key, value]) => `${key}${separator}${value}`);
  return {
    name,
    shape: 'set',
    wanted: (want) => (want[name] === undefined ? undefined : texts(want)),
    found(have) {
      const value = member(have, ...at);
      if (Array.isArray(value)) return value.map(String);
      return asTexts(Object(value ?? {})).map(([key, one]) => `${key}${separator}${one}`);
    },
    words: (want) => texts(want).flatMap((one) => [flag, one]),
  };
}

function rates(name: Name, flag: string, key: string): ContainerOption {
  const texts = (value: unknown, path: string, rate: string) =>
    (Array.isArray(value) ? value : []).map(
      (one) => `${String(member(one, path))}:${bytesOf(member(one, rate))}`,
    );
  return {
    name,
    shape: 'set',
    wanted: (want) => (want[name] === undefined ? undefined : texts(want[name], 'path', 'rate')),
    found: (have) => texts(member(have, 'HostConfig', key), 'Path', 'Rate'),
    words: (want) => texts(want[name], 'path', 'rate').flatMap((one) => [flag, one]),
  };
}

/** The words of a command: a text is split as a shell would. */
export function commandWords(command: ContainerArguments['command']): readonly string[] | undefined {
  return typeof command === 'string' ? (splitWords(command) ?? [command]) : command;
}

const host = (...names: readonly string[]) => ['HostConfig', ...names];
const settled = (value: unknown) => bytesOf(value);

// docker takes one word for what runs it: the others stand before the command, so both are compared together.
const entrypoint: ContainerOption = {
  name: 'entrypoint',
  shape: 'list',
  wanted: ({ entrypoint: wanted, command: words }) =>
    wanted === undefined ? undefined : [...wanted, ...(commandWords(words) ?? [])],
  found: (have) => [
    ...listed(member(have, 'Config', 'Entrypoint')),
    ...listed(member(have, 'Config', 'Cmd')),
  ],
  words: () => [],
};

const command: ContainerOption = {
  name: 'command',
  shape: 'list',
  wanted: ({ entrypoint: wanted, command: words }) =>
    wanted === undefined ? commandWords(words) : undefined,
  found: (have) => listed(member(have, 'Config', 'Cmd')),
  words: () => [],
};

const restartPolicy: ContainerOption = {
  name: 'restart_policy',
  shape: 'value',
  update: true,
  wanted: ({ restart_policy: policy, restart_retries: retries }) =>
    policy === undefined ? undefined : [policy === 'on-failure' ? `${policy}:${retries ?? 0}` : policy],
  found(have) {
    const policy = String(member(have, 'HostConfig', 'RestartPolicy', 'Name') || 'no');
    const retries = String(member(have, 'HostConfig', 'RestartPolicy', 'MaximumRetryCount') ?? 0);
    return [policy === 'on-failure' ? `${policy}:${retries}` : policy];
  },
  words: (want) => ['--restart', restartPolicy.wanted(want)?.[0]?.replace(/:0$/, '') ?? 'no'],
};

const anyAddress = '0.0.0.0';

const publishedPorts: ContainerOption = {
  name: 'published_ports',
  shape: 'set',
  wanted: ({ published_ports: ports, default_host_ip: address }) =>
    ports === undefined || ports.includes('all')
      ? undefined
      : publishedPortsOf(ports, address || anyAddress).map(portText),
  found: (have) =>
    Object.entries(Object(member(have, 'HostConfig', 'PortBindings') ?? {})).flatMap(([inside, bindings]) =>
      (Array.isArray(bindings) ? bindings : []).map((one) => {
        const outside = String(member(one, 'HostPort') ?? '').replace(/^0$/, '');
        return portText({ address: String(member(one, 'HostIp') || anyAddress), outside, inside });
      }),
    ),
  words: ({ published_ports: ports = [], default_host_ip: address }) =>
    ports.includes('all')
      ? ['--publish-all']
      : publishedPortsOf(ports, address).flatMap((one) => ['--publish', portText(one)]),
};

const networkMode: ContainerOption = {
  name: 'network_mode',
  shape: 'value',
  // docker keeps the identity of a container whose network is shared, not its name.
  wanted: ({ network_mode: mode }) =>
    mode === undefined
      ? undefined
      : [mode === 'default' ? 'bridge' : mode.replace(/^container:.*/, 'container')],
  found: (have) => {
    const mode = String(member(have, 'HostConfig', 'NetworkMode') ?? 'bridge');
    return [mode === 'default' ? 'bridge' : mode.replace(/^container:.*/, 'container')];
  },
  words: ({ network_mode: mode = 'bridge' }) => ['--network', mode],
};

function members(have: Inspected, name: string): readonly unknown[] {
  const list = member(have, 'HostConfig', name);
  return Array.isArray(list) ? list : [];
}

const devices: ContainerOption = {
  ...several('devices', '--device', [], deviceText),
  found: (have) =>
    members(have, 'Devices').map((one) =>
      ['PathOnHost', 'PathInContainer', 'CgroupPermissions']
        .map((name) => String(member(one, name)))
        .join(':'),
    ),
};

const ulimits: ContainerOption = {
  ...several('ulimits', '--ulimit', [], (one) => one.replace('=', ':').replace(/^(\w+:(-?\d+))$/, '$1:$2')),
  found: (have) =>
    members(have, 'Ulimits').map((one) =>
      ['Name', 'Soft', 'Hard'].map((name) => String(member(one, name))).join(':'),
    ),
  words: ({ ulimits: wanted = [] }) => wanted.flatMap((one) => ['--ulimit', one.replace(':', '=')]),
};

const deviceRequests: ContainerOption = {
  name: 'device_requests',
  shape: 'set',
  wanted: ({ device_requests: wanted }) =>
    wanted?.map(({ driver = '', count = 0, device_ids: ids = [], capabilities = [], options = {} }) =>
      JSON.stringify([driver, count, ids, capabilities, options]),
    ),
  found: (have) =>
    members(have, 'DeviceRequests').map((one) =>
      JSON.stringify([
        member(one, 'Driver') ?? '',
        member(one, 'Count') ?? 0,
        member(one, 'DeviceIDs') ?? [],
        member(one, 'Capabilities') ?? [],
        member(one, 'Options') ?? {},
      ]),
    ),
  words: ({ device_requests: wanted = [] }) =>
    wanted.flatMap(({ driver, count, device_ids: ids, capabilities = [], options = {} }) => {
      const extra = Object.entries(options).map(([name, value]) => `${name}=${String(value)}`);
      const parts = [
        ...(count === undefined || ids !== undefined ? [] : [`count=${count === -1 ? 'all' : count}`]),
        ...(ids === undefined ? [] : [`"device=${ids.join(',')}"`]),
        ...(driver === undefined ? [] : [`driver=${driver}`]),
        ...capabilities.map((one) => `"capabilities=${one.join(',')}"`),
        ...(extra.length === 0 ? [] : [`"options=${extra.join(',')}"`]),
      ];
      return ['--gpus', parts.join(',')];
    }),
};

const volumes: ContainerOption = {
  name: 'volumes',
  shape: 'set',
  wanted: ({ volumes: wanted }) => wanted?.map(volumeText),
  found: (have) => [
    ...listed(member(have, 'HostConfig', 'Binds')).map(volumeText),
    ...Object.keys(Object(member(have, 'Config', 'Volumes') ?? {})),
  ],
  words: ({ volumes: wanted = [] }) => wanted.flatMap((one) => ['--volume', one]),
};

const mounts: ContainerOption = {
  name: 'mounts',
  shape: 'set',
  wanted: ({ mounts: wanted }) =>
    wanted?.map(({ target, source = '', type = 'volume', read_only = false }) =>
      [type, source, target, read_only ? 'ro' : 'rw'].join(' '),
    ),
  found: (have) => {
    const list = member(have, 'HostConfig', 'Mounts');
    return (Array.isArray(list) ? list : []).map((one) =>
      [
        member(one, 'Type'),
        member(one, 'Source') ?? '',
        member(one, 'Target'),
        member(one, 'ReadOnly') ? 'ro' : 'rw',
      ].join(' '),
    );
  },
  words: ({ mounts: wanted = [] }) => wanted.flatMap((one) => ['--mount', mountText(one)]),
};

const healthcheck: ContainerOption = {
  name: 'healthcheck',
  shape: 'set',
  wanted({ healthcheck: wanted }) {
    if (wanted === undefined) return undefined;
    const times = {
      Interval: wanted.interval,
      Timeout: wanted.timeout,
      StartPeriod: wanted.start_period,
      StartInterval: wanted.start_interval,
    };
    const test = typeof wanted.test === 'string' ? ['CMD-SHELL', wanted.test] : wanted.test;
    if (test?.[0] === 'NONE') return [`Test ${JSON.stringify(['NONE'])}`];
    return [
      ...(test === undefined ? [] : [`Test ${JSON.stringify(test)}`]),
      ...Object.entries(times).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name} ${durationOf(value)}`],
      ),
      ...(wanted.retries === undefined ? [] : [`Retries ${wanted.retries}`]),
    ];
  },
  found: (have) =>
    Object.entries(Object(member(have, 'Config', 'Healthcheck') ?? {})).map(
      ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    ),
  words({ healthcheck: wanted = {} }) {
    const test = typeof wanted.test === 'string' ? ['CMD-SHELL', wanted.test] : (wanted.test ?? []);
    if (test[0] === 'NONE') return ['--no-healthcheck'];
    // docker's option is a line for a shell: words are quoted for it.
    const line =
      test[0] === 'CMD'
        ? test
            .slice(1)
            .map((one) => `'${one.replaceAll("'", "'\\''")}'`)
            .join(' ')
        : test.slice(1).join(' ');
    const valued = (option: string, value: unknown) =>
      value === undefined || value === '' ? [] : [option, String(value)];
    return [
      ...valued('--health-cmd', line),
      ...valued('--health-interval', wanted.interval),
      ...valued('--health-timeout', wanted.timeout),
      ...valued('--health-start-period', wanted.start_period),
      ...valued('--health-start-interval', wanted.start_interval),
      ...valued('--health-retries', wanted.retries),
    ];
  },
};

/** All options of a container but its image, its environment and its networks. */
export const containerOptions: readonly ContainerOption[] = [
  entrypoint,
  command,
  restartPolicy,
  publishedPorts,
  networkMode,
  volumes,
  mounts,
  healthcheck,
  pairs('labels', '--label', ['Config', 'Labels']),
  several('exposed_ports', '--expose', ['Config', 'ExposedPorts'], (port) =>
    port.replace(/=.*/, '').replace(/^\d+(-\d+)?$/, '$&/tcp'),
  ),
  truth('publish_all_ports', '--publish-all', host('PublishAllPorts')),
  several('volumes_from', '--volumes-from', host('VolumesFrom')),
  single('volume_driver', '--volume-driver', host('VolumeDriver')),
  several('tmpfs', '--tmpfs', host('Tmpfs'), (one) => one.replace(/[:=]/, '=').replace(/=$/, '')),
  devices,
  deviceRequests,
  several('device_cgroup_rules', '--device-cgroup-rule', host('DeviceCgroupRules')),
  rates('device_read_bps', '--device-read-bps', 'BlkioDeviceReadBps'),
  rates('device_read_iops', '--device-read-iops', 'BlkioDeviceReadIOps'),
  rates('device_write_bps', '--device-write-bps', 'BlkioDeviceWriteBps'),
  rates('device_write_iops', '--device-write-iops', 'BlkioDeviceWriteIOps'),
  single('hostname', '--hostname', ['Config', 'Hostname']),
  single('domainname', '--domainname', ['Config', 'Domainname']),
  single('mac_address', '--mac-address', ['Config', 'MacAddress'], (value) =>
    String(value).toLowerCase().replaceAll('-', ':'),
  ),
  several('dns_servers', '--dns', host('Dns'), undefined, 'list'),
  several('dns_search_domains', '--dns-search', host('DnsSearch'), undefined, 'list'),
  several('dns_opts', '--dns-option', host('DnsOptions')),
  pairs('etc_hosts', '--add-host', host('ExtraHosts'), ':'),
  several('links', '--link', host('Links'), (link) => {
    const [, name, alias] = /^\/([^:]+):\/[^/]+\/(.+)$/.exec(link) ?? [];
    return name === undefined ? (link.includes(':') ? link : `${link}:${link}`) : `${name}:${alias}`;
  }),
  single('user', '--user', ['Config', 'User']),
  several('groups', '--group-add', host('GroupAdd')),
  single('working_dir', '--workdir', ['Config', 'WorkingDir']),
  truth('privileged', '--privileged', host('Privileged')),
  several('capabilities', '--cap-add', host('CapAdd'), (name) => name.toUpperCase().replace(/^CAP_/, '')),
  several('cap_drop', '--cap-drop', host('CapDrop'), (name) => name.toUpperCase().replace(/^CAP_/, '')),
  several('security_opts', '--security-opt', host('SecurityOpt'), (one) => one.replace(/^([\w-]+):/, '$1=')),
  truth('read_only', '--read-only', host('ReadonlyRootfs')),
  truth('init', '--init', host('Init')),
  truth('interactive', '--interactive', ['Config', 'OpenStdin']),
  truth('tty', '--tty', ['Config', 'Tty']),
  truth('auto_remove', '--rm', host('AutoRemove')),
  single('cgroup_ns_mode', '--cgroupns', host('CgroupnsMode')),
  single('cgroup_parent', '--cgroup-parent', host('CgroupParent')),
  single('ipc_mode', '--ipc', host('IpcMode')),
  single('pid_mode', '--pid', host('PidMode')),
  single('userns_mode', '--userns', host('UsernsMode')),
  single('uts', '--uts', host('UTSMode')),
  single('runtime', '--runtime', host('Runtime')),
  single('log_driver', '--log-driver', host('LogConfig', 'Type')),
  pairs('log_options', '--log-opt', host('LogConfig', 'Config')),
  ulimits,
  pairs('sysctls', '--sysctl', host('Sysctls')),
  pairs('storage_opts', '--storage-opt', host('StorageOpt')),
  single('shm_size', '--shm-size', host('ShmSize'), settled),
  single('stop_signal', '--stop-signal', ['Config', 'StopSignal'], undefined, { nothing: 'SIGTERM' }),
  single('stop_timeout', '--stop-timeout', ['Config', 'StopTimeout']),
  single('memory', '--memory', host('Memory'), settled, { update: true }),
  single('memory_reservation', '--memory-reservation', host('MemoryReservation'), settled, { update: true }),
  single('memory_swap', '--memory-swap', host('MemorySwap'), settled, { update: true }),
  single('memory_swappiness', '--memory-swappiness', host('MemorySwappiness')),
  single('kernel_memory', '--kernel-memory', host('KernelMemory'), settled, { update: true }),
  {
    ...single('cpus', '--cpus', host('NanoCpus')),
    found: (have) => [String(Number(member(have, 'HostConfig', 'NanoCpus') ?? 0) / 1e9)],
  },
  single('cpu_period', '--cpu-period', host('CpuPeriod'), undefined, { update: true }),
  single('cpu_quota', '--cpu-quota', host('CpuQuota'), undefined, { update: true }),
  single('cpu_shares', '--cpu-shares', host('CpuShares'), undefined, { update: true }),
  single('cpuset_cpus', '--cpuset-cpus', host('CpusetCpus'), undefined, { update: true }),
  single('cpuset_mems', '--cpuset-mems', host('CpusetMems'), undefined, { update: true }),
  single('blkio_weight', '--blkio-weight', host('BlkioWeight'), undefined, { update: true }),
  truth('oom_killer', '--oom-kill-disable', host('OomKillDisable')),
  single('oom_score_adj', '--oom-score-adj', host('OomScoreAdj')),
  single('pids_limit', '--pids-limit', host('PidsLimit')),
];
