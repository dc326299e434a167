import { expect, test } from 'vitest';
import { excludedSenders } from '../../../../../src/domains/tls-logs/rsyslog-configuration/allowed-senders.ts';

const senders = [
  { host: 'h2', addresses: ['198.18.0.2', '2001:db8::2'] },
  { host: 'h3', addresses: ['198.18.0.3'] },
  { host: 'unknown', addresses: [] },
];

test.each([
  [[], []],
  [['127.0.0.1'], ['h2', 'h3']],
  [['127.0.0.1', '198.18.0.2'], ['h3']],
  [['198.18.0.0/24'], []],
  [['0.0.0.0/0'], []],
  [['[2001:db8::]/64'], ['h3']],
  [['*.example.net'], []],
  [['127.0.0.1', 'h3.example.net'], []],
  [['198.18.0.0/99'], []],
])('of %j are excluded %j', (allowed, expected) => {
  expect(excludedSenders(allowed, senders).map(({ host }) => host)).toEqual(expected);
});
