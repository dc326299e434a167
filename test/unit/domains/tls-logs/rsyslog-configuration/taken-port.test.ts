import { expect, test } from 'vitest';
import {
  readSockets,
  takenPort,
} from '../../../../../src/domains/tls-logs/rsyslog-configuration/taken-port.ts';

const at = { file: '/etc/rsyslog.d/10-remote.conf', line: 9, end: 9 };
const mine = { protocol: 'tcp', port: 514, address: '', variable: 'log_port' } as const;
const sockets =
  readSockets(`tcp   LISTEN 0      511          0.0.0.0:514        0.0.0.0:*    users:(("nginx",pid=240,fd=10),("nginx",pid=241,fd=10))
tcp   LISTEN 0      25              [::]:6514          [::]:*    users:(("rsyslogd",pid=240,fd=11))
udp   UNCONN 0      0      127.0.0.1%lo:514        0.0.0.0:*
`);

test('what listens, as ss shows it', () => {
  expect(sockets).toEqual([
    { protocol: 'tcp', port: 514, address: '0.0.0.0', program: 'nginx' },
    { protocol: 'tcp', port: 6514, address: '[::]', program: 'rsyslogd' },
    { protocol: 'udp', port: 514, address: '127.0.0.1', program: '' },
  ]);
});

test.each([
  [mine, ['TCP port 514 is taken by nginx: set log_port to another port, or stop that program']],
  [{ ...mine, port: 6514 }, []],
  [
    { ...mine, protocol: 'udp', variable: 'rsyslog_server_udp_port' } as const,
    [expect.stringContaining('UDP port 514 is taken by another program: set rsyslog_server_udp_port')],
  ],
  [{ ...mine, protocol: 'udp', address: '198.18.0.1' } as const, []],
])('wanted: %j', (wanted, expected) => {
  expect(takenPort(wanted, [], sockets)).toEqual(expected);
});

test('another file of rsyslogd is named', () => {
  const listener = {
    module: 'imtcp',
    protocol: 'tcp',
    port: '514',
    address: '198.18.0.1',
    legacy: false,
    at,
  } as const;
  expect(takenPort(mine, [listener], [])).toEqual([
    '/etc/rsyslog.d/10-remote.conf:9 has rsyslogd listen on TCP port 514 already: set log_port to another port, or take that line out',
  ]);
  expect(takenPort({ ...mine, address: '192.0.2.1' }, [listener], [])).toEqual([]);
});
