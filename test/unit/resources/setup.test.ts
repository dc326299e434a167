import { spawnSync } from 'node:child_process';
import { hostname, networkInterfaces, userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { distributionFacts } from '../../../src/resources/facts/distribution-facts.ts';
import { mountFacts, timeFacts } from '../../../src/resources/facts/machine-facts.ts';
import { networkFacts } from '../../../src/resources/facts/network-facts.ts';
import { readFacts, setup } from '../../../src/resources/setup.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { shells } from '../../helpers/shell/shells.ts';

describe.each(shells.map((words) => [words.join(' '), words] as const))(
  'on this machine, through %s',
  (_name, words) => {
    test('facts are true', async () => {
      const { args, have, changes } = await new ShellHost(words).plan(setup, {});
      const facts = setup.facts?.(args as never, have as never) ?? {};
      const uname = (flag: string) => spawnSync('uname', [flag], { encoding: 'utf8' }).stdout.trim();
      expect(changes).toEqual([]);
      expect(facts).toMatchObject({
        nodename: hostname(),
        kernel: uname('-r'),
        machine: uname('-m'),
        system: 'Linux',
        user_id: userInfo().username,
        user_uid: userInfo().uid,
        user_dir: userInfo().homedir,
        processor_vcpus: expect.any(Number),
        pkg_mgr: expect.any(String),
      });
      expect(facts.interfaces).toContain('lo');
      const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
      for (const { address, family, internal } of own) {
        if (!internal)
          expect(facts[family === 'IPv4' ? 'all_ipv4_addresses' : 'all_ipv6_addresses']).toContain(address);
      }
      expect(Math.abs(Number((facts.date_time as { epoch: string }).epoch) - Date.now() / 1000)).toBeLessThan(
        60,
      );
    });
  },
);

const ubuntu = `PRETTY_NAME="Ubuntu 22.04.4 LTS"
NAME="Ubuntu"
VERSION_ID="22.04"
VERSION_CODENAME=jammy
ID=ubuntu
ID_LIKE=debian
`;

test.each([
  [
    'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm',
    '12.5',
    ['Debian', '12.5', '12', 'bookworm', 'Debian'],
  ],
  ['ID=debian\nNAME="Debian GNU/Linux"', 'trixie/sid', ['Debian', 'trixie', 'trixie', 'trixie', 'Debian']],
  [ubuntu, 'bookworm/sid', ['Ubuntu', '22.04', '22', 'jammy', 'Debian']],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"', '', ['Rocky', '9.3', '9', 'NA', 'RedHat']],
  ['ID=alpine\nVERSION_ID=3.20.1', '', ['Alpine', '3.20.1', '3', 'NA', 'Alpine']],
  ['NAME=\'My "own"\'\nID=own', '', ['My "own"', 'NA', 'NA', 'NA', 'My "own"']],
  ['', '', ['linux', 'NA', 'NA', 'NA', 'linux']],
])('%j is told apart', (release, debian, [name, version, major, codename, family]) => {
  expect(distributionFacts(release, debian)).toMatchObject({
    distribution: name,
    distribution_version: version,
    distribution_major_version: major,
    distribution_release: codename,
    os_family: family,
  });
});

test('addresses and ways out', () => {
  const parts: Record<string, string> = {
    links:
      'lo 00:00:00:00:00:00 65536 unknown\nhost0 02:00:00:00:00:01 1500 up\nbr-1.2 02:00:00:00:00:02 1500 down',
    address: [
      '1: lo    inet 127.0.0.1/8 scope host lo',
      '2: host0    inet 198.18.0.1/23 brd 198.18.1.255 scope global host0',
      '2: host0    inet 198.18.0.9/32 scope global secondary host0',
      '2: host0    inet6 fd00::1/64 scope global',
    ].join('\n'),
    route4: 'default via 198.18.0.254 dev host0 src 198.18.0.1\ndefault via 10.0.0.1 dev br-1.2 metric 100',
  };
  expect(networkFacts((name) => parts[name] ?? '')).toMatchObject({
    interfaces: ['lo', 'host0', 'br-1.2'],
    all_ipv4_addresses: ['198.18.0.1', '198.18.0.9'],
    all_ipv6_addresses: ['fd00::1'],
    default_ipv4: {
      interface: 'host0',
      address: '198.18.0.1',
      gateway: '198.18.0.254',
      netmask: '255.255.254.0',
      network: '198.18.0.0',
      broadcast: '198.18.1.255',
      macaddress: '02:00:00:00:00:01',
    },
    default_ipv6: {},
    host0: {
      active: true,
      mtu: 1500,
      ipv4_secondaries: [{ address: '198.18.0.9', netmask: '255.255.255.255' }],
    },
    br_1_2: { device: 'br-1.2', active: false },
  });
});

test('time in its parts', () => {
  expect(timeFacts('2026|11|21|21|04|05|1795291445|CET|+0100|Saturday|6|46')).toMatchObject({
    date: '2026-11-21',
    time: '21:04:05',
    epoch: '1795291445',
    iso8601: '2026-11-21T20:04:05Z',
    tz: 'CET',
    tz_offset: '+0100',
    weekday: 'Saturday',
  });
});

test('mounts of devices only, spaces as spaces', () => {
  expect(
    mountFacts('/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\nnas:/x /mnt/a\\040b nfs rw 0 0'),
  ).toEqual([
    { device: '/dev/sda1', mount: '/', fstype: 'ext4', options: 'rw' },
    { device: 'nas:/x', mount: '/mnt/a b', fstype: 'nfs', options: 'rw' },
  ]);
});

test('a host that says nothing is not believed', () => {
  expect(() => readFacts('')).toThrow(/gave no facts/);
});

test('filter says which facts the result shows', () => {
  const facts = { hostname: 'h', kernel: 'k', kernel_version: 'v', memtotal_mb: 1 };
  const names = (filter: string[]) =>
    Object.keys((setup.result?.({ filter }, facts, []).ansible_facts ?? {}) as object);
  expect(names([])).toEqual(Object.keys(facts));
  expect(names(['ansible_kernel*', 'mem?otal_mb'])).toEqual(['kernel', 'kernel_version', 'memtotal_mb']);
});
