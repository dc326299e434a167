import { expect, test } from 'vitest';
import {
  type SenderChoice,
  senderCondition,
} from '../../../../../src/domains/tls-logs/rsyslog-configuration/sender-condition.ts';

test.each<[SenderChoice, string]>([
  [{ hosts: ['sw1'] }, '$hostname == "sw1"'],
  [{ hosts: ['sw*'] }, '$hostname startswith "sw"'],
  [{ hosts: ['*.lab'] }, 're_match($hostname, "^.*[.]lab$")'],
  [{ hosts: ['*'] }, 're_match($hostname, "^.*$")'],
  [{ addresses: ['192.168.1.*'] }, '$fromhost-ip startswith "192.168.1."'],
  [
    { hosts: ['a', 'b'], addresses: ['fd00::1'] },
    '($hostname == "a" or $hostname == "b" or $fromhost-ip == "fd00::1")',
  ],
])('%j', (choice, condition) => {
  expect(senderCondition(choice)).toBe(condition);
});
