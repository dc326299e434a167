import { expect, test } from 'vitest';
import {
  type RelayHost,
  relayLoop,
} from '../../../../../src/domains/tls-logs/rsyslog-configuration/relay-loop.ts';

const host = (name: string, relaysTo: readonly string[] = [], names: readonly string[] = []): RelayHost => ({
  name,
  names,
  relaysTo: relaysTo.map((target) => ({ target })),
});

test.each<[what: string, hosts: readonly RelayHost[], way: string]>([
  ['no relay', [host('h1')], ''],
  ['a chain', [host('h1', ['h3']), host('h3', ['h4']), host('h4')], ''],
  ['two that send to each other', [host('h1', ['h3']), host('h3', ['h1'])], 'h1 h3 h1'],
  ['round three', [host('h1', ['h3']), host('h3', ['h4']), host('h4', ['h1'])], 'h1 h3 h4 h1'],
  ['to itself', [host('h1', ['h1'])], 'h1 h1'],
  ['to itself by address', [host('h1', ['10.0.0.1'], ['10.0.0.1'])], 'h1 h1'],
  ['by another name', [host('h1', ['c.lab'], ['logs.lab']), host('h3', ['logs.lab'], ['c.lab'])], 'h1 h3 h1'],
  ['back to a client', [host('h1', ['h2']), host('h2')], 'h1 h2 h1'],
  ['a circle of others', [host('h1', ['h3']), host('h3', ['h4']), host('h4', ['h3'])], ''],
  ['the second of two targets', [host('h1', ['x.org', 'h3']), host('h3', ['h1'])], 'h1 h3 h1'],
  ['to who is not known', [host('h1', ['x.org'])], ''],
])('%s', (_what, hosts, way) => {
  expect(relayLoop('h1', ['h2'], hosts).join(' ')).toBe(way);
});

test('a host that is named counts, whatever its target is called', () => {
  const hosts = [{ name: 'h1', names: [], relaysTo: [{ target: 'x.org', host: 'h3' }] }, host('h3', ['h1'])];
  expect(relayLoop('h1', [], hosts)).toEqual(['h1', 'h3', 'h1']);
});
