import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expandHostRange } from '../../../../src/language/inventory/host-range.ts';
import { iniValue } from '../../../../src/language/inventory/inventory-ini.ts';
import { loadInventory } from '../../../../src/language/inventory/inventory-load.ts';
import type { Inventory } from '../../../../src/language/model.ts';
import { Loading } from '../../../../src/language/source/loading/loading.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'provision-inventory-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

function load(...sources: readonly string[]): { inventory: Inventory; loading: Loading } {
  const loading = new Loading(new Map());
  const named = sources.map((source) => (source.includes(',') ? source : join(directory, source)));
  return { ...loadInventory(loading, named, undefined, join(directory, 'playbooks')), loading };
}

/** The value that wins for a host when only files count. */
function winner(inventory: Inventory, host: string, name: string): unknown {
  return inventory.hosts
    .get(host)
    ?.layers.findLast(({ variables }) => variables.has(name))
    ?.variables.get(name)?.value;
}

describe('ranges', () => {
  test.each([
    ['h1', ['h1']],
    ['h[1:3]', ['h1', 'h2', 'h3']],
    ['h[01:03].lan', ['h01.lan', 'h02.lan', 'h03.lan']],
    ['h[:2]', ['h0', 'h1', 'h2']],
    ['h[1:9:4]', ['h1', 'h5', 'h9']],
    ['h[a:c]', ['ha', 'hb', 'hc']],
    ['r[1:2]-h[a:b]', ['r1-ha', 'r1-hb', 'r2-ha', 'r2-hb']],
  ])('%s', (written, names) => expect(expandHostRange(written)).toEqual({ names }));

  test.each(['h[3:1]', 'h[1-3]', 'h[1:x]', 'h[]', 'h[01:100]', 'h[1:2:0]', 'h[a:1]', 'h[1:999999]'])(
    '%s is none',
    (written) => expect(expandHostRange(written)).toHaveProperty('wrong'),
  );
});

describe('values in INI', () => {
  test.each([
    ['514', 514],
    ['1.5', 1.5],
    ['0644', '0644'],
    ['True', true],
    ['yes', 'yes'],
    ["'514'", '514'],
    ["['a', 'b']", ['a', 'b']],
    ['{"a": 1}', { a: 1 }],
    ['{{ x }}', '{{ x }}'],
    ['[broken', '[broken'],
  ])('%s', (text, expected) => expect(iniValue(text)).toEqual(expected));
});

const yaml = `
all:
  vars: {level: all, port: 1}
  hosts:
    bare:
  children:
    web:
      vars: {level: web, on: yes}
      hosts:
        h[1:2]: {own: 1}
      children:
        inner:
          vars: {level: inner}
          hosts: {h1: }
db:
  hosts: [h2, d1]
`;

const ini = `# comment
bare
[web]
h[1:2] own=1

[web:vars]
level = web ; not a comment
[web:children]
inner
[inner]
h1
[inner:vars]
level=inner
[all:vars]
level=all
port=1
[db]
h2
d1:2222 name="two words" ansible_user=root # comment
`;

describe.each([
  ['YAML', 'hosts.yml', yaml],
  ['INI', 'hosts', ini],
])('%s', (_, file, text) => {
  test('hosts, groups and their order', () => {
    write({ [file]: text });
    const { inventory, loading } = load(file);
    expect(loading.problems).toEqual([]);
    expect(inventory.hosts.get('h1')?.groups).toEqual(['web', 'inner']);
    expect(inventory.groups.get('web')).toEqual(['h1', 'h2']);
    expect(inventory.groups.get('inner')).toEqual(['h1']);
    expect(inventory.groups.get('ungrouped')).toEqual(['bare']);
    expect([...(inventory.groups.get('all') ?? [])].sort()).toEqual(['bare', 'd1', 'h1', 'h2']);
  });

  test('parents before children, all first', () => {
    write({ [file]: text });
    const { inventory } = load(file);
    expect(winner(inventory, 'h1', 'level')).toBe('inner');
    expect(winner(inventory, 'bare', 'level')).toBe('all');
    expect(winner(inventory, 'h2', 'port')).toBe(1);
    expect(winner(inventory, 'h2', 'own')).toBe(1);
  });
});

test('INI: ports, quotes and comments', () => {
  write({ hosts: ini });
  const { inventory } = load('hosts');
  expect(winner(inventory, 'd1', 'ansible_port')).toBe(2222);
  expect(winner(inventory, 'd1', 'name')).toBe('two words');
  expect(winner(inventory, 'd1', 'ansible_user')).toBe('root');
  expect(winner(inventory, 'h2', 'level')).toBe('web ; not a comment');
});

test.each([
  ['INI', 'hosts', '[fd00::1]:2222 a=1\nfd00::2\nweb[1:2]:23\n[g]\n[fd00::3]:24 ansible_port=25\n'],
  [
    'YAML',
    'hosts.yml',
    "all: {hosts: {'[fd00::1]:2222': {a: 1}, 'fd00::2': , 'web[1:2]:23': }, children: {g: {hosts: {'[fd00::3]:24': {ansible_port: 25}}}}}",
  ],
])('%s: IPv6 addresses, and ports', (_, file, text) => {
  write({ [file]: text });
  const { inventory, loading } = load(file);
  expect(loading.problems).toEqual([]);
  const ports = [...inventory.hosts.keys()].map((name) => [name, winner(inventory, name, 'ansible_port')]);
  expect(Object.fromEntries(ports)).toEqual({
    'fd00::1': 2222,
    'fd00::2': undefined,
    web1: 23,
    web2: 23,
    'fd00::3': 25,
  });
  expect(winner(inventory, 'fd00::1', 'a')).toBe(1);
  expect(inventory.groups.get('g')).toEqual(['fd00::3']);
});

test('YAML: yes without quotes is a boolean in variables', () => {
  write({ 'hosts.yml': yaml });
  expect(winner(load('hosts.yml').inventory, 'h1', 'on')).toBe(true);
});

test('a list of hosts on the command line', () => {
  const { inventory, loading } = load('h[1:2],x.example.com,');
  expect(loading.problems).toEqual([]);
  expect([...inventory.hosts.keys()]).toEqual(['h1', 'h2', 'x.example.com']);
});

test('group_vars and host_vars: files and directories, beside inventory and playbook, later ones win', () => {
  write({
    'inventory/hosts.yml': 'web: {vars: {a: file, b: file}, hosts: {h1: {c: inline, d: inline}}}\n',
    'inventory/group_vars/all.yml': 'a: all\nz: 1\n',
    'inventory/group_vars/web/one.yml': 'b: web\n',
    'inventory/group_vars/web/two': 'e: two\n',
    'playbooks/group_vars/all': 'a: playbook all\nz: 2\n',
    'playbooks/group_vars/web.yaml': 'f: beside playbook\n',
    'inventory/host_vars/h1.yml': 'd: host_vars\n',
    'playbooks/group_vars/wb.yml': 'g: 1\n',
  });
  const { inventory, loading } = load('inventory');
  expect(loading.problems).toEqual([]);
  const values = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e', 'f', 'z', 'g'].map((name) => [name, winner(inventory, 'h1', name)]),
  );
  expect(values).toEqual({
    a: 'playbook all',
    b: 'web',
    c: 'inline',
    d: 'host_vars',
    e: 'two',
    f: 'beside playbook',
    z: 2,
    g: undefined,
  });
  expect(loading.warnings).toEqual([expect.stringContaining("did you mean 'web'?")]);
});

test('priority decides between groups of the same depth, else their names', () => {
  write({
    'hosts.yml': `
b: {vars: {v: b, w: b}, hosts: {h: }}
a: {vars: {v: a, w: a, ansible_group_priority: 10}, hosts: {h: }}
c: {vars: {w: c}, hosts: {h: }}
`,
  });
  const { inventory } = load('hosts.yml');
  expect(winner(inventory, 'h', 'v')).toBe('a');
  expect(winner(inventory, 'h', 'w')).toBe('a');
});

test('several sources add up', () => {
  write({ 'a.yml': 'web: {hosts: {h1: {x: 1}}}\n', b: '[web]\nh2\n[web:vars]\ny=2\n' });
  const { inventory, loading } = load('a.yml', 'b');
  expect(loading.problems).toEqual([]);
  expect(inventory.groups.get('web')).toEqual(['h1', 'h2']);
  expect(winner(inventory, 'h1', 'y')).toBe(2);
});

test('a directory is read file by file; variables and backups are not hosts', () => {
  write({
    'inv/01-web': '[web]\nh1\n',
    'inv/02-db.yml': 'db: {hosts: {d1: }}\n',
    'inv/03.bak': 'not an inventory',
    'inv/group_vars/web.yml': 'x: 1\n',
  });
  const { inventory, loading } = load('inv');
  expect(loading.problems).toEqual([]);
  expect([...inventory.hosts.keys()]).toEqual(['h1', 'd1']);
  expect(winner(inventory, 'h1', 'x')).toBe(1);
});

test('a group may have the name of a host: it means the group, with a warning', () => {
  write({ 'inv/hosts': '[web]\nweb a=1\nother\n' });
  const { inventory, loading } = load('inv');
  expect(loading.problems).toEqual([]);
  expect(inventory.groups.get('web')).toEqual(['web', 'other']);
  expect(loading.warnings).toEqual([
    expect.stringContaining("'web' is a host and a group: where hosts are named"),
  ]);
});
