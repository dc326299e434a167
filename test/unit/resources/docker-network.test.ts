import { expect, test } from 'vitest';
import { dockerNetwork } from '../../../src/resources/docker-network.ts';
import { dockerVolume } from '../../../src/resources/docker-volume.ts';
import type { AnyHostResource, Change } from '../../../src/resources/resource.ts';
import { FakeDocker } from '../../helpers/resources/fake-docker.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();

const network = {
  Name: 'net',
  Driver: 'bridge',
  Scope: 'local',
  EnableIPv6: false,
  Internal: false,
  Attachable: false,
  IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '172.30.0.0/16', Gateway: '172.30.0.1' }] },
  Options: { 'com.docker.network.bridge.name': 'br9' },
  Labels: { a: '1' },
  Containers: { '0123456789abcdef': { Name: 'web' }, fedcba9876543210: { Name: 'db' } },
};
const volume = { Name: 'data', Driver: 'local', Options: { type: 'nfs' }, Labels: { a: '1' } };

const shown = (changes: readonly Change[]) =>
  changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);

async function applied(resource: AnyHostResource, args: object, known?: [string, string, object]) {
  const docker = new FakeDocker(fresh());
  if (known) docker.knows(...known);
  const { changes, outputs, result } = await docker.host.apply(resource, args);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  return { changes: shown(changes), ran: docker.ran, result };
}

const both = { connected: ['web', 'db'] };
test.each([
  [{ name: 'net', ...both }, [], []],
  [
    { network_name: 'new', driver_options: { mtu: 1400 }, internal: true, labels: { b: "it's" } },
    ['network: absent -> present'],
    ["[network][create][--driver][bridge][--opt][mtu=1400][--internal][--label][b=it's][new]"],
  ],
  [
    {
      name: 'new',
      ipam_config: [{ subnet: '10.1.0.0/16', iprange: '10.1.1.0/24', aux_addresses: { x: '10.1.0.9' } }],
      ipam_driver: 'default',
      containers: ['web'],
    },
    ['network: absent -> present', 'container web: absent -> connected'],
    [
      '[network][create][--driver][bridge][--ipam-driver][default][--subnet][10.1.0.0/16][--ip-range][10.1.1.0/24][--aux-address][x=10.1.0.9][new]',
      '[network][connect][new][web]',
    ],
  ],
  [
    { name: 'net', connected: ['web'] },
    ['container db: connected -> absent'],
    ['[network][disconnect][-f][net][db]'],
  ],
  [
    { name: 'net', connected: ['new'], appends: true },
    ['container new: absent -> connected'],
    ['[network][connect][net][new]'],
  ],
  [
    { name: 'net', ...both, ipam_config: [{ subnet: '172.30.0.0/16' }], enable_ipv6: false, scope: 'local' },
    [],
    [],
  ],
  [
    {
      name: 'net',
      ...both,
      ipam_config: [{ subnet: '172.31.0.0/16', gateway: '172.30.0.1' }],
      labels: { a: 2 },
    },
    [
      'labels.a: 1 -> 2',
      'ipam_config[0].subnet: 172.30.0.0/16 -> 172.31.0.0/16',
      'container web: absent -> connected',
      'container db: absent -> connected',
    ],
    [
      '[network][disconnect][-f][net][0123456789abcdef]',
      '[network][disconnect][-f][net][fedcba9876543210]',
      '[network][rm][net]',
      '[network][create][--driver][bridge][--subnet][172.31.0.0/16][--gateway][172.30.0.1][--label][a=2][net]',
      '[network][connect][net][web]',
      '[network][connect][net][db]',
    ],
  ],
  [{ name: 'net', state: 'absent' }, ['network: present -> absent'], ['[network][rm][net]']],
  [{ name: 'new', state: 'absent' }, [], []],
])('a network: %j', async (args, changes, ran) => {
  const { network_name: named, containers, ...rest } = args as Record<string, unknown>;
  const settled = {
    ...rest,
    ...(named ? { name: named } : {}),
    ...(containers ? { connected: containers } : {}),
  };
  expect(await applied(dockerNetwork, settled, ['network', 'net', network])).toMatchObject({ changes, ran });
});

test.each([
  [{ volume_name: 'data' }, [], []],
  [{ volume_name: 'data', labels: { a: 2 } }, [], []],
  [
    { volume_name: 'data', driver_options: { type: 'tmpfs' }, labels: { a: 1 }, recreate: 'options-changed' },
    ['driver_options.type: nfs -> tmpfs'],
    ['[volume][rm][data]', '[volume][create][--driver][local][--opt][type=tmpfs][--label][a=1][data]'],
  ],
  [{ volume_name: 'data', recreate: 'options-changed', driver: 'local' }, [], []],
  [
    { volume_name: 'data', recreate: 'always' },
    ['volume: undefined -> made anew'],
    ['[volume][rm][data]', '[volume][create][--driver][local][data]'],
  ],
  [
    { volume_name: 'new', docker_host: 'tcp://10.0.0.1:2375' },
    ['volume: absent -> present'],
    ['@tcp://10.0.0.1:2375 [volume][create][--driver][local][new]'],
  ],
  [{ volume_name: 'data', state: 'absent' }, ['volume: present -> absent'], ['[volume][rm][data]']],
  [{ volume_name: 'new', state: 'absent' }, [], []],
])('a volume: %j', async (args, changes, ran) => {
  expect(await applied(dockerVolume, args, ['volume', 'data', volume])).toMatchObject({ changes, ran });
});

test('what is there is registered, as docker says it', async () => {
  expect((await applied(dockerVolume, { volume_name: 'data' }, ['volume', 'data', volume])).result).toEqual({
    volume,
  });
  const { result } = await applied(dockerNetwork, { name: 'net', ...both }, ['network', 'net', network]);
  expect(result).toEqual({ network });
});

test.each([
  [dockerVolume, { volume_name: 'data' }],
  [dockerNetwork, { name: 'net' }],
] as const)(
  'an engine that does not answer is an error, not a thing that is missing',
  async (resource, args) => {
    const docker = new FakeDocker(fresh());
    docker.fails('Cannot connect to the Docker daemon at unix:///var/run/docker.sock.');
    expect((await docker.host.plan(resource, args)).refused).toEqual([
      'docker cannot be asked: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
    ]);
  },
);
