import { deviceRequests, devices } from './container-devices.ts';
import { healthcheck, processOptions, ulimits } from './container-process.ts';
import { reachOptions } from './container-reach.ts';
import { storageOptions } from './container-storage.ts';
import { bytesOf } from './container-values.ts';
import { member } from './docker-client.ts';
import { type ContainerOption, pairs, rates, several, single, truth } from './option-shapes.ts';

const host = (...names: readonly string[]) => ['HostConfig', ...names];
const settled = (value: unknown) => bytesOf(value);

/** All options of a container but its image, its environment and its networks. */
export const containerOptions: readonly ContainerOption[] = [
  ...processOptions,
  ...reachOptions,
  ...storageOptions,
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
