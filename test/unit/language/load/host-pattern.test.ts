import { describe, expect, test } from 'vitest';
import { selectHosts } from '../../../../src/language/inventory/host-pattern.ts';
import { loadInventory } from '../../../../src/language/inventory/inventory-load.ts';
import { Loading } from '../../../../src/language/source/loading/loading.ts';

const loading = new Loading(new Map());
const own = loading.parse(
  'inventory',
  `
web: {hosts: {web1: , web2: , web3: , web4.example.com: }}
db: {hosts: {db1: , db2: }}
staging: {hosts: {web1: , db1: }}
empty: {hosts: {}}
six: {hosts: {'fd00::1': , 'fd00::2': }}
`,
);
const { inventory } = loadInventory(loading, [], own, '/nowhere');

function names(pattern: string): string {
  return selectHosts(inventory, pattern)
    .hosts.map(({ name }) => name)
    .join(' ');
}

describe('selectHosts', () => {
  test.each([
    ['all', 'web1 web2 web3 web4.example.com db1 db2 fd00::1 fd00::2'],
    ['*', 'web1 web2 web3 web4.example.com db1 db2 fd00::1 fd00::2'],
    ['db', 'db1 db2'],
    ['db2', 'db2'],
    ['web:db', 'web1 web2 web3 web4.example.com db1 db2'],
    ['db2,web1', 'web1 db2'],
    ['web:&staging', 'web1'],
    ['&staging:web', 'web1'],
    ['web:db:!staging', 'web2 web3 web4.example.com db2'],
    ['!staging', 'web2 web3 web4.example.com db2 fd00::1 fd00::2'],
    ['web*', 'web1 web2 web3 web4.example.com'],
    ['*.example.com', 'web4.example.com'],
    ['web?', 'web1 web2 web3'],
    ['?eb[13]', 'web1 web3'],
    ['~web[12]$', 'web1 web2'],
    ['~(web|db)1', 'web1 db1'],
    ['web[0]', 'web1'],
    ['web[-1]', 'web4.example.com'],
    ['web[1:2]', 'web2 web3'],
    ['web[2:]', 'web3 web4.example.com'],
    ['web[1-2]', 'web2 web3'],
    ['empty', ''],
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['fd00::2', 'fd00::2'],
    ['db,fd00::2', 'db1 db2 fd00::2'],
    ['six,!fd00::2', 'fd00::1'],
    ['db,localhost', 'db1 db2 localhost'],
    [' web1 , db1 ', 'web1 db1'],
  ])('%s', (pattern, expected) => {
    expect(selectHosts(inventory, pattern).problems).toEqual([]);
    expect(names(pattern)).toBe(expected);
  });

  test.each([
    ['wbe', "there is no host or group 'wbe'", "did you mean 'web'?"],
    ['web:!stagin', "there is no host or group 'stagin'", "did you mean 'staging'?"],
    ['x*', "no host or group matches 'x*'", undefined],
    ['~(', "'~(' is not a pattern of host names", undefined],
    ['db[5]', "'db' has only 2 hosts: there is no [5]", undefined],
    ['', 'the pattern of hosts is empty', undefined],
  ])('%j is refused', (pattern, message, hint) => {
    expect(selectHosts(inventory, pattern).problems).toEqual([
      expect.objectContaining(hint ? { message, hint } : { message }),
    ]);
  });

  test('the control node needs no inventory and is reached locally', () => {
    const [host] = selectHosts(inventory, 'localhost').hosts;
    expect(host?.layers.map(({ variables }) => variables.get('ansible_connection')?.value)).toEqual([
      'local',
    ]);
    expect(names('all')).not.toContain('localhost');
  });
});
