import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dockerContainer } from '../../../src/resources/docker-container.ts';
import { FakeDocker } from '../../helpers/resources/fake-docker.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();
const container = {
  Id: 'c1',
  Image: 'sha256:11',
  State: { Running: true, Status: 'running' },
  Config: {
    Image: 'nginx:1',
    Env: ['PATH=/bin', 'A=1'],
    Cmd: ['nginx', '-g', 'daemon off;'],
    Labels: { a: '1', b: '2' },
    ExposedPorts: { '80/tcp': {} },
    Hostname: 'web',
    Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 90000000000 },
  },
  HostConfig: {
    Binds: ['/srv:/data:ro', 'logs:/logs'],
    PortBindings: {
      '80/tcp': [{ HostIp: '', HostPort: '8080' }],
      '53/udp': [{ HostIp: '127.0.0.1', HostPort: '53' }],
    },
    RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
    NetworkMode: 'back',
    Memory: 67108864,
    Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/null', CgroupPermissions: 'rwm' }],
    Ulimits: [{ Name: 'nofile', Soft: 10, Hard: 20 }],
    CapAdd: ['CAP_NET_ADMIN'],
    Mounts: [{ Type: 'tmpfs', Target: '/run' }],
    ExtraHosts: ['db:10.0.0.1'],
    Links: ['/db:/web/database'],
    DeviceRequests: [{ Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: {} }],
  },
  NetworkSettings: {
    Networks: { back: { Aliases: ['web'], IPAMConfig: { IPv4Address: '10.0.0.5' } }, old: {} },
  },
};

async function applied(args: object, known: object = container) {
  const directory = fresh();
  const docker = new FakeDocker(directory);
  docker.knows('container', 'web', known);
  docker.knows('image', 'nginx:1', { Id: 'sha256:11', RepoDigests: [] });
  docker.knows('image', 'nginx:2', { Id: 'sha256:22' });
  docker.shows({ Id: 'end' });
  writeFileSync(join(directory, 'env'), '# no\nB=from file\n');
  const settled = JSON.parse(JSON.stringify(args).replaceAll('@DIR', directory));
  const { refused, changes, outputs, result } = await docker.host.apply(dockerContainer, {
    name: 'web',
    ...settled,
  });
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  return {
    refused,
    changes: changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`),
    ran: docker.ran
      .map((line) => line.replaceAll(directory, '@DIR'))
      .filter((line) => !line.startsWith('[buildx]')),
    result,
  };
}

describe('a container that is as wanted', () => {
  test.each([
    { image: 'nginx:1' },
    { image: 'nginx:1', env: { A: 1 }, labels: { a: 1 }, command: "nginx -g 'daemon off;'" },
    { command: ['nginx', '-g', 'daemon off;'], published_ports: ['8080:80', '127.0.0.1:53:53/udp'] },
    { volumes: ['/srv:/data:ro', 'logs:/logs:rw'], restart_policy: 'always', network_mode: 'back' },
    { memory: '64M', devices: ['/dev/null'], ulimits: ['nofile:10:20'], capabilities: ['net_admin'] },
    { mounts: [{ type: 'tmpfs', target: '/run' }], etc_hosts: { db: '10.0.0.1' }, links: ['db:database'] },
    { healthcheck: { test: 'true', interval: '1m30s' }, hostname: 'web', exposed_ports: ['80'] },
    { networks: [{ name: 'back', ipv4_address: '10.0.0.5', aliases: ['web'] }] },
    { entrypoint: ['nginx', '-g'], command: ['daemon off;'] },
    { device_requests: [{ count: -1, capabilities: [['gpu']] }] },
    { image: 'nginx:2', comparisons: { image: 'ignore' } },
    { env: { A: 9 }, labels: { a: 9 }, comparisons: { '*': 'ignore' } },
    { state: 'present', privileged: false, tty: false },
  ])('%j', async (args) => {
    expect(await applied(args)).toMatchObject({ refused: [], changes: [], ran: [] });
  });
});

const end = ['[container][stop][web]', '[container][rm][--force][web]'];
test.each([
  [
    { image: 'nginx:2' },
    ['image: nginx:1 -> nginx:2'],
    [...end, '[container][create][--name][web][nginx:2]', '[container][start][web]'],
  ],
  [
    { env: { A: 2, C: "it's\nx" }, env_file: '@DIR/env', stop_timeout: 5 },
    [
      'env.B: absent -> set',
      'env.A: another value -> set',
      'env.C: absent -> set',
      'stop_timeout: unset -> 5',
    ],
    [
      '[container][stop][--time][5][web]',
      '[container][rm][--force][web]',
      "[container][create][--name][web][--stop-timeout][5][--env-file][@DIR/env][--env-file][/dev/stdin][--env][C=it's",
      'x][nginx:1]',
      '< A=2',
      '[container][start][web]',
    ],
  ],
  [
    { labels: { a: 1 }, comparisons: { labels: 'strict' }, state: 'stopped' },
    ['labels: a=1 b=2 -> a=1', 'state: running -> stopped'],
    [...end, '[container][create][--name][web][--label][a=1][nginx:1]'],
  ],
  [
    { memory: '128m', restart_policy: 'on-failure', restart_retries: 3 },
    ['restart_policy: always -> on-failure:3', 'memory: 67108864 -> 134217728'],
    ['[container][update][--restart][on-failure:3][--memory][128m][web]', '[container][start][web]'],
  ],
  [
    {
      networks: [{ name: 'front', ipv4_address: '10.1.0.5', aliases: ['w'] }, { name: 'back' }],
      purge_networks: true,
    },
    ['network front: absent -> connected', 'network old: connected -> absent'],
    [
      '[network][disconnect][--force][old][web]',
      '[network][connect][--ip][10.1.0.5][--alias][w][front][web]',
      '[container][start][web]',
    ],
  ],
  [{ restart: true }, ['state: running -> restarted'], ['[container][restart][web]']],
  [{ paused: true }, ['state: running -> paused'], ['[container][start][web]', '[container][pause][web]']],
  [
    { state: 'stopped', force_kill: true, kill_signal: 'TERM' },
    ['state: running -> stopped'],
    ['[container][kill][--signal][TERM][web]'],
  ],
  [
    { state: 'absent', keep_volumes: false },
    ['container web: present -> absent'],
    ['[container][stop][web]', '[container][rm][--force][--volumes][web]'],
  ],
  [
    { recreate: true, image: 'nginx:1' },
    ['container web: present -> made anew'],
    [...end, '[container][create][--name][web][nginx:1]', '[container][start][web]'],
  ],
  [
    { entrypoint: ['/bin/sh', '-c'], command: 'true' },
    ['entrypoint: nginx -g daemon off; -> /bin/sh -c true'],
    [
      ...end,
      '[container][create][--name][web][--entrypoint][/bin/sh][nginx:1][-c][true]',
      '[container][start][web]',
    ],
  ],
] as const)('a container that differs: %j', async (args, changes, ran) => {
  expect(await applied(args)).toMatchObject({ refused: [], changes, ran });
});

test('a container that is not there is made as it is wanted', async () => {
  const docker = new FakeDocker(fresh());
  docker.shows({ Id: 'end' });
  const { changes, result } = await docker.host.apply(dockerContainer, {
    name: 'web',
    image: 'new',
    published_ports: ['80', '127.0.0.1:8000-8001:9000-9001/udp', '[::1]:53:53'],
    mounts: [{ type: 'bind', source: '/a,b', target: '/x', read_only: true }],
    networks: [{ name: 'back', aliases: ['w'], ipv4_address: '10.0.0.9' }, { name: 'front' }],
    healthcheck: { test: ['CMD', 'curl', "it's"], retries: 3 },
    tmpfs: ['/run:size=1m'],
    privileged: true,
    cpus: 1.5,
    restart_policy: 'unless-stopped',
    device_requests: [{ device_ids: ['0', '1'], capabilities: [['gpu', 'utility']] }],
    command: ['a b', '-c'],
  });
  expect(changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`)).toEqual([
    'image new:latest: absent -> pulled',
    'container web: absent -> started',
  ]);
  expect(docker.ran).toEqual([
    '[image][pull][new:latest]',
    `[container][create][--name][web][--restart][unless-stopped][--publish][0.0.0.0::80/tcp][--publish][127.0.0.1:8000:9000/udp][--publish][127.0.0.1:8001:9001/udp][--publish][[::1]:53:53/tcp][--mount][type=bind,"source=/a,b",target=/x,readonly][--health-cmd]['curl' 'it'\\''s'][--health-retries][3][--tmpfs][/run:size=1m][--gpus]["device=0,1","capabilities=gpu,utility"][--privileged=true][--cpus][1.5][--network][back][--ip][10.0.0.9][--network-alias][w][new][a b][-c]`,
    '[network][connect][front][web]',
    '[container][start][web]',
  ]);
  expect(result).toEqual({ container: { Id: 'end' } });
});

test('a container that is waited for: its output, then it is removed', async () => {
  const docker = new FakeDocker(fresh());
  docker.knows('image', 'job:latest', { Id: 'sha256:1' });
  docker.shows({ Id: 'end' });
  const args = { name: 'web', image: 'job', detach: false, cleanup: true };
  const { result } = await docker.host.apply(dockerContainer, args);
  expect(docker.ran).toEqual([
    '[container][create][--name][web][job]',
    '[container][start][--attach][web]',
    '[container][rm][--force][web]',
  ]);
  expect(result).toEqual({ container: { Id: 'end', Output: '' }, status: 0 });
});

test('an image that is looked for each time: only another one is a reason', async () => {
  const { changes, ran } = await applied({ image: 'nginx:1', pull: true });
  expect(changes).toEqual(['image nginx:1: present -> pulled']);
  expect(ran.at(0)).toBe('[image][pull][nginx:1]');
  expect(ran.at(-1)).toBe('[container][start][web]');
});

test.each([
  [{ name: 'none' }, 'Cannot create container when image is not specified!'],
  [{ image: 'none', pull: 'never' }, 'Cannot find image with name none:latest, and pull=never'],
  [
    { networks: [{ name: 'a' }, { name: 'b', mac_address: '02:00:00:00:00:01' }] },
    'docker gives no mac_address in a network that is not the first one: b',
  ],
])('%j is refused', async (args, message) => {
  expect((await applied(args)).refused).toEqual([message]);
});
