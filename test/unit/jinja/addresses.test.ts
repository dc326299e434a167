import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyFilter, applyTest } from '../../../src/jinja/filters/filters.ts';

// What ansible.utils and netaddr give for each value, by filter and query.
const { values, ...frozen } = JSON.parse(readFileSync(join(import.meta.dirname, 'addresses.json'), 'utf8'));
const given = (...positional: readonly unknown[]) => ({ positional, named: new Map() });

function answered(name: string, value: unknown, ...args: readonly unknown[]): unknown {
  try {
    return applyFilter(name, value, given(...args), undefined);
  } catch {
    return { error: true };
  }
}

describe.each(Object.entries<Record<string, readonly unknown[]>>(frozen))('%s', (name, queries) => {
  test.each(Object.entries(queries))('of %j', (query, expected) => {
    expect(values.map((value: unknown) => answered(name, value, query))).toEqual(expected);
  });
});

test.each([
  ['::1', '[::1]'],
  ['fe80::1/64', '[fe80::1]/64'],
  ['192.168.1.5', '192.168.1.5'],
  ['a.example', 'a.example'],
  [
    ['::1', 'a.example'],
    ['[::1]', 'a.example'],
  ],
])('ipwrap of %j', (value, expected) => expect(answered('ansible.utils.ipwrap', value)).toEqual(expected));

test.each([
  ['ipmath', '192.168.1.5', 5, '192.168.1.10'],
  ['ipmath', '192.168.1.1/24', -2, '192.168.0.255'],
  ['ipmath', '2001::1', 10, '2001::b'],
  ['ipmath', 'x', 1, { error: true }],
  ['nthhost', '10.0.0.0/8', 305, '10.0.1.49'],
  ['nthhost', '192.168.1.0/24', -1, '192.168.1.255'],
  ['nthhost', '192.168.1.0/24', 300, false],
  ['nthhost', '192.168.1.5', 1, false],
])('%s of %s and %s', (name, value, amount, expected) => {
  expect(answered(name, value, amount)).toEqual(expected);
});

test.each([
  ['100.64.0.1', false],
  ['192.0.0.9', true],
  ['192.88.99.1', true],
  ['2001::1', false],
  ['2001:1::1', true],
  ['2002::1', false],
  ['64:ff9b::1', true],
  ['::ffff:1.2.3.4', false],
])('%s is public: %s', (value, isPublic) => {
  expect([answered('ipaddr', value, 'public'), answered('ipaddr', value, 'private')]).toEqual(
    isPublic ? [value, null] : [null, value],
  );
});

test.each([
  ['ipv4_address', '10.0.0.1', true],
  ['ipv4_address', '10.0.0.1/8', false],
  ['ipv4_address', '::1', false],
  ['ipv6_address', '::1', true],
  ['ip_address', 'x', false],
])('%s holds for %s: %s', (name, value, expected) => {
  expect(applyTest(`ansible.utils.${name}`, value, given(), undefined)).toBe(expected);
});

test('a query that is not known is refused with those that are', () => {
  expect(() => applyFilter('ipaddr', '10.0.0.1', given('peer'), undefined)).toThrow(
    "ipaddr does not know 'peer'",
  );
});
