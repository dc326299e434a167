import { expect, test } from 'vitest';
import { type Cutting, cutIntoShards } from '../../../src/fleet/shards.ts';
import type { LoadOptions } from '../../../src/language/load-options.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { folder } from '../../helpers/cli/command.ts';
import { filters, resources } from '../../helpers/resources/all-resources.ts';

const exchanges = new Set([...resources].filter(([, { kind }]) => kind === 'exchange').map(([name]) => name));

async function cut(
  plays: string,
  cutting: Partial<Cutting> = {},
  limit?: string,
  names: readonly string[] = ['a', 'b', 'c', 'd'],
): Promise<{ readonly shards: readonly string[]; readonly torn: readonly string[] }> {
  const hosts = names.map((name) => `${name}: `).join(', ');
  const text = `inventory: { all: { hosts: { ${hosts} } } }\nplays:\n${plays}`;
  const options: LoadOptions = {
    ...{ inventories: [], extraVars: [], tags: [], skipTags: [], resources, filters },
    limit,
  };
  const playbook = await loadPlaybook(`${folder({ 'p.yml': text })}/p.yml`, options);
  const { shards, torn } = cutIntoShards(playbook, {
    exchanges,
    siteOf: () => undefined,
    workersAt: () => 4,
    workersOf: () => undefined,
    ...cutting,
  });
  return {
    shards: shards.map(({ site, hosts }) => `${site ?? 'any'}: ${hosts.join(' ')}`),
    torn: torn.map(({ hosts, sites, why }) => `${hosts.join(' ')} at ${sites.join(' ')}: ${why}`),
  };
}

const sites = { siteOf: (host: string) => (host < 'c' ? 'x' : 'y') };
const play = (hosts: string, rest: string) => `  - { name: P, hosts: '${hosts}', ${rest} }\n`;
const apart = play('all', 'tasks: [{ name: T, command: "true" }]');

test('hosts are cut by their sites', async () => {
  expect(await cut(apart, sites)).toEqual({ shards: ['x: a b', 'y: c d'], torn: [] });
  expect(await cut(apart, sites, 'b,c')).toEqual({ shards: ['x: b', 'y: c'], torn: [] });
  expect(await cut(apart)).toEqual({ shards: ['any: a b c d'], torn: [] });
});

test.each([
  ['run_once', play('all', 'tasks: [{ name: T, command: "true", run_once: true }]'), '`run_once` of'],
  ['delegate_to', play('all', 'tasks: [{ name: T, command: "true", delegate_to: a }]'), '`delegate_to` of'],
  ['serial', play('all', 'serial: 1, tasks: [{ name: T, command: "true" }]'), '`serial`'],
  [
    'any_errors_fatal',
    play('all', 'any_errors_fatal: true, tasks: [{ name: T, command: "true" }]'),
    '`any_errors_fatal`',
  ],
  [
    'max_fail_percentage',
    play('all', 'max_fail_percentage: 50, tasks: [{ name: T, command: "true" }]'),
    '`max_fail_percentage`',
  ],
  [
    'ansible_play_hosts',
    play('all', 'tasks: [{ name: T, debug: { msg: "{{ ansible_play_hosts }}" } }]'),
    '`ansible_play_hosts`',
  ],
  [
    'a value of the same play',
    play(
      'all',
      `tasks: [{ name: R, command: "true", register: r }, { name: T, debug: { msg: "{{ hostvars['a'].r.rc }}" } }]`,
    ),
    '`r`, which `hostvars` may read, of',
  ],
  [
    'whatever a template takes',
    play(
      'all',
      `tasks: [{ name: R, set_fact: { r: 1 } }, { name: T, debug: { msg: "{{ hostvars['a'] | length }}" } }]`,
    ),
    '`r`, which `hostvars` may read, of',
  ],
])('hosts that meet are one shard, and cannot lie at two sites: %s', async (_, plays, why) => {
  expect((await cut(plays, { ...sites, siteOf: () => 'x' })).shards).toEqual(['x: a b c d']);
  const { shards, torn } = await cut(plays, sites);
  expect(shards).toEqual([]);
  expect(torn[0]).toContain(`a c at x y: ${why}`);
});

test('hosts that meet at two sites go to a worker that reaches both', async () => {
  const once = play('b,c', 'tasks: [{ name: T, command: "true", run_once: true }]');
  const workersOf = (all: readonly string[]) => (all.includes('z') ? undefined : all.join('+'));
  expect(await cut(once + apart, { ...sites, workersOf })).toEqual({
    shards: ['x+y: b c', 'x: a', 'y: d'],
    torn: [],
  });
});

test.each([
  ['what is delegated to a host', play('a', 'tasks: [{ name: T, command: "true", delegate_to: d }]'), 'a d'],
  [
    'what is delegated to whom a template names',
    play('a', `tasks: [{ name: T, command: "true", delegate_to: "{{ groups['all'][2] }}" }]`),
    'a b c d',
  ],
  [
    'a hold, whose hosts only the run knows',
    play(
      'a',
      'tasks: [{ name: T, held_restart: { service: x, hosts: [c], hold: "true", release: "true" } }]',
    ),
    'a b c d',
  ],
])('a host that acts on others is in one part with them: %s', async (_, plays, together) => {
  const workersOf = (all: readonly string[]) => all.join('+');
  const { shards } = await cut(plays + apart, { ...sites, workersOf });
  expect(shards).toContain(`x+y: ${together}`);
});

test('what is delegated to the worker itself leaves plays apart', async () => {
  const here = (host: string) => play(host, 'tasks: [{ name: T, command: "true", delegate_to: localhost }]');
  expect(await cut(here('a') + here('c') + apart, sites)).toEqual({ shards: ['x: a b', 'y: c d'], torn: [] });
});

test('a run without hosts is one part, and a worker says so', async () => {
  expect((await cut(apart, {}, 'a:!a')).shards).toEqual(['any: ']);
});

test('a host that --limit leaves out is looked at for what templates read of it, and goes where it can be reached', async () => {
  const earlier = play('all', 'tasks: [{ name: R, command: "true", register: r }]');
  const read = `tasks: [{ name: T, debug: { msg: "{{ hostvars['d'].r.rc }}" } }]`;
  expect(await cut(earlier + play('a', read), sites, 'a')).toEqual({
    shards: ['x: a b', 'y: c d'],
    torn: [],
  });
  expect(await cut(apart, sites, 'a')).toEqual({ shards: ['x: a'], torn: [] });
  const same = `tasks: [{ name: R, command: "true", register: r }, { name: T, debug: { msg: "{{ hostvars['d'].r.rc }}" } }]`;
  expect((await cut(play('all', same), sites, 'a')).torn).toEqual([
    expect.stringContaining('a c at x y: `r`, which `hostvars` may read, of'),
  ]);
});

test('a value of an earlier play leaves hosts apart, and so does one of another play', async () => {
  const read = `tasks: [{ name: T, debug: { msg: "{{ hostvars['a'].r.rc }} {{ hostvars['a'].ansible_hostname }}" } }]`;
  const plays = play('all', 'tasks: [{ name: R, command: "true", register: r }]') + play('c', read);
  expect(await cut(plays, sites)).toEqual({ shards: ['x: a b', 'y: c d'], torn: [] });
});

test('plays that share a host make one shard of theirs', async () => {
  const once = 'tasks: [{ name: T, command: "true", run_once: true }]';
  expect((await cut(play('a,b', once) + play('b,c', once) + apart)).shards).toEqual(['any: a b c d']);
});

test('many hosts are shared among the workers that are there, none with a handful', async () => {
  const names = Array.from({ length: 120 }, (_, index) => `n${index}`);
  const sizes = async (workers: number) =>
    (await cut(apart, { workersAt: () => workers }, undefined, names)).shards.map(
      (one) => one.split(' ').length - 1,
    );
  expect(await sizes(1)).toEqual([120]);
  expect(await sizes(4)).toEqual([30, 30, 30, 30]);
  expect(await sizes(40)).toHaveLength(5);
});
