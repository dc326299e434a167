import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { logWire } from '../../../../../src/domains/tls-logs/resources/log-wire.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { shells } from '../../../../helpers/shell/shells.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const fresh = scratch();
const made = new OpensslAuthority();
made.root('one', 'subjectAltName=DNS:log.example.com');
afterAll(() => made.remove());
const want = {
  listener: 'h1',
  sender: 'h2',
  name: 'h2',
  file: '/var/log/remote/h2/syslog.log',
  selector: '*.*',
  target: 'logs.lab',
  port: 6514,
  ca: '/ca.pem',
  service: 'none-of-this-name',
  timeout: 10,
};
const tokens = ['a1b2c3d4e5f6071829', '0f1e2d3c4b5a697887'];
const output = {
  code: 0,
  stdout: `connected\nnew TLSv1.3, Cipher is AES\nverified 0 (ok)\n${made.pem('one')}`,
  stderr: '',
};
const arrival = (detail: string) => ({ milliseconds: 84, atMost: false, detail });

describe('what is said of the wire', () => {
  test.each([
    ['', false, 'cannot be shown: the capture on h1 was cut short'],
    [' wire=none;0;0;0;0;,; ', false, 'cannot be shown: h1 has neither tcpdump nor perl'],
    [
      ' wire=perl;3;90;1;0;yes,; perl: Operation not permitted',
      false,
      'perl on h1 did not read a line in the clear over loopback either: perl: Operation not permitted',
    ],
    [' wire=tcpdump;0;0;0;0;yes,yes; ', false, 'saw no packet with data on its way to the port'],
    [' wire=tcpdump;3;90;1;7;yes,yes; ', false, 'tcpdump missed 7 packets'],
    [
      ' wire=tcpdump;3;90;1;0;yes,yes; ',
      true,
      'not readable on the wire: tcpdump on h1 saw 3 packets with 90 bytes from one address, and read a line in the clear over loopback',
    ],
    [
      ' wire=perl;3;90;2;0;yes,yes;10.0.0.2.41>10.0.0.1.514/tcp,10.0.0.2.41>10.0.0.1.514/tcp,fd00::2.9>fd00::1.514/udp ',
      false,
      'the line could be read on the wire: from 10.0.0.2 to 10.0.0.1, TCP port 514; from fd00::2 to fd00::1, UDP port 514',
    ],
    [
      ' wire=perl;3;90;2;0;yes,yes;127.0.0.1.41>127.0.0.1.514/tcp,::1.4>::1.5/udp ',
      true,
      'only within h1, on loopback',
    ],
  ])('%s: %s', (wire, safe, message) => {
    const judged = logWire.judge(want, output, arrival(` h2${wire}`));
    expect(judged.status).toBe('ok');
    expect(judged.message).toContain(message);
    expect(judged.result?.wire).toMatchObject({ safe });
  });
});

test('a line that did not arrive says so, whatever the wire', () => {
  expect(logWire.judge(want, output, undefined)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('did not arrive within 10 s'),
  });
  expect(logWire.judge(want, output, arrival(' other wire=perl;3;90;1;0;yes,yes; ')).message).toContain(
    "arrived under the name 'other'",
  );
});

test('what was sent before the capture began is not waited for, and nothing is sent then', () => {
  expect(logWire.listenScript([want], tokens, true)).toBe('echo ready');
  expect(logWire.sendScript(want, 'token', true)).toBe('exit 1');
});

/** The program on a log server whose tcpdump shows what a file gets; lines that are sent in the clear over loopback go there too. */
async function heard(shell: readonly string[], wire: string, controlled = true): Promise<readonly string[]> {
  const directory = fresh();
  const [bin, packets] = [join(directory, 'bin'), join(directory, 'packets')];
  const files = ['h2', 'h3'].map((name) => join(directory, `${name}.log`));
  mkdirSync(bin);
  const tcpdump = join(bin, 'tcpdump');
  writeFileSync(
    tcpdump,
    `#!/bin/sh\necho 'tcpdump: verbose output suppressed' >&2\nexec tail -n +1 -f '${packets}'\n`,
  );
  chmodSync(tcpdump, 0o755);
  writeFileSync(packets, '');
  const machine = `PATH='${bin}':$PATH
wc() { date +%s%N; }
sleep() { command sleep 0.02; }
logger() { ${controlled ? `printf 'lo    In  IP 127.0.0.1.5 > 127.0.0.1.9: UDP, length 60\\nE..x%s\\n' "$7" >>'${packets}'` : ':'}; }
`;
  const wants = files.map((file, n) => ({ ...want, file, name: `h${n + 2}` }));
  const [command = 'sh', ...args] = shell;
  const child = spawn(command, args);
  child.stdin.end(machine + logWire.listenScript(wants, tokens, false));
  let said = '';
  child.stdout.on('data', (chunk) => {
    const before = said;
    said += chunk;
    if (before !== '' || !said.startsWith('ready\n')) return;
    appendFileSync(packets, wire);
    for (const [n, file] of files.entries())
      writeFileSync(file, `Nov 21 20:00:01 h${n + 2} provision-verify: ${tokens[n]}\n`);
  });
  await new Promise((resolve) => child.on('close', resolve));
  return said.trim().split('\n');
}

const encrypted = `eth0  In  IP 10.0.0.2.4000 > 10.0.0.1.6514: tcp 143
E...@.@..}......B
eth0  In  IP 10.0.0.2.4000 > 10.0.0.1.6514: tcp 0
eth0  Out IP 10.0.0.1.6514 > 10.0.0.2.4000: tcp 99
IP6 fd00::3.4001 > fd00::1.6514: tcp 57
eth0  In  IP 10.0.0.2.4002 > 10.0.0.1.22: tcp 36
`;

describe.each(shells)('all packets are read: %s', (...shell) => {
  test('what goes to the port is counted, and a token in it or elsewhere is found, be it cut in two', async () => {
    const plain = `eth0  In  IP 10.0.0.3.777 > 10.0.0.1.514: SYSLOG user.notice, length: 60
E..<13>h3 provision-verify: ${tokens[1]?.slice(0, 12)}
eth0  In  IP 10.0.0.3.778 > 10.0.0.1.514: tcp 6
E..<13>h3 provision-verify: ${tokens[1]}
`;
    const [, ...lines] = await heard(shell, encrypted + plain);
    expect(lines.filter((line) => !line.includes('wire='))).toEqual([
      `arrived ${tokens[0]}  h2`,
      `arrived ${tokens[1]}  h3`,
    ]);
    const seen = 'wire=tcpdump;2;200;2;0;yes,yes;';
    expect(lines.filter((line) => line.includes('wire=')).map((line) => line.trim())).toEqual([
      `arrived ${tokens[0]}  h2 ${seen}`,
      `arrived ${tokens[1]}  h3 ${seen}10.0.0.3.777>10.0.0.1.514/udp,10.0.0.3.778>10.0.0.1.514/tcp,10.0.0.3.778>10.0.0.1.514/tcp`,
    ]);
  });

  test('a capture that does not read what is in the clear is said to be none', async () => {
    const lines = await heard(shell, encrypted, false);
    expect(lines.at(-1)?.trim()).toBe(`arrived ${tokens[1]}  h3 wire=tcpdump;2;200;2;0;,;`);
  });
});
