import { expect, test } from 'vitest';
import { proofPriority } from '../../../../../src/domains/tls-logs/rsyslog-configuration/selector.ts';

test.each([
  ['*.*', 'user.notice'],
  ['auth,authpriv.*', 'auth.notice'],
  ['authpriv.*', 'authpriv.notice'],
  ['*.*;user.none', 'daemon.notice'],
  ['*.warning', 'user.warning'],
  ['*.=debug', 'user.debug'],
  ['*.!=notice', undefined],
  ['*.*;*.!=notice', 'user.info'],
  ['*.*;*.!notice', 'user.info'],
  ['mail.err', 'mail.err'],
  ['*.emerg', 'user.emerg'],
  ['local3.=info;local4.*', 'local4.notice'],
  ['KERN.*;Local2.Warn', 'local2.warning'],
  ['security.panic', 'auth.emerg'],
  ['*.info;mail.none;authpriv.none;cron.none', 'user.notice'],
  [':programname, isequal, "sshd"', 'user.notice'],
  ["if $programname == 'sshd' then", 'user.notice'],
])('%s is proven by %s', (selector, priority) => {
  const found = proofPriority(selector);
  expect('priority' in found ? found.priority : undefined).toBe(priority);
});

test.each([
  ['*.none', 'nothing passes it'],
  ['kern.*', 'only lines of the kernel pass it'],
  ['auht.*', "'auht' is no facility; those are kern, user"],
  ['auth.importnat', "'importnat' is no priority; those are emerg, alert"],
  ['auth', "'auth' is no selector; one is facility.priority"],
  ['', 'nothing passes it'],
])('%j can not be proven: %s', (selector, fault) => {
  expect(proofPriority(selector)).toEqual({ fault: expect.stringContaining(fault) });
});
