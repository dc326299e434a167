import { describe, expect, test } from 'vitest';
import { certificatesTable } from '../../../../../src/domains/tls-logs/commands/certs/certs-table.ts';
import type { Finding } from '../../../../../src/domains/tls-logs/commands/doctor/doctor-finding.ts';
import { doctorText } from '../../../../../src/domains/tls-logs/commands/doctor/doctor-text.ts';
import { verificationText } from '../../../../../src/domains/tls-logs/commands/verify/verify-text.ts';
import { writeFitted } from '../../../../../src/report/screen.ts';
import { memoryOutput } from '../../../../helpers/report/sample-run.ts';
import {
  sampleCa,
  sampleDocument,
  sampleMissedRestart,
  sampleRenewed,
  sampleServer,
} from '../../../../helpers/tls-logs/certificates-sample.ts';

const findings: readonly Finding[] = [
  { state: 'ok', text: 'Node 24.11.0' },
  {
    state: 'wrong',
    text: 'no key of ssh: the agent holds none, and ~/.ssh has none',
    fix: 'ssh-keygen, then ssh-copy-id HOST',
  },
  { host: 'logs', state: 'ok', text: 'becomes root' },
  {
    host: 'logs',
    state: 'note',
    text: 'rsyslogd 8.2102.0: with log_driver ossl a log server does not enforce its list of permitted peers: any certificate of the CA gets lines in',
    fix: 'use log_driver gtls, or a newer rsyslog (bookworm-backports has one)',
  },
  {
    host: 'laptop',
    state: 'unreachable',
    text: '198.18.0.9:22: there is no route to the host',
    fix: 'switch it on, or leave it out with --limit',
  },
];

const clients = [
  {
    host: 'pi',
    server: 'logs',
    arrived: true,
    message:
      'pi -> logs: arrived in 192 ms, TLSv1.3, TLS_AES_256_GCM_SHA384, served certificate = deployed certificate',
  },
  {
    host: 'h2',
    server: 'logs',
    arrived: false,
    message:
      'h2 -> logs: the line did not arrive within 20 s\nrsyslogd on h2: peer did not provide a certificate, not permitted to talk to it [v8.2302.0]',
  },
];
const unreachable = [{ host: 'laptop', message: '198.18.0.9:22: there is no route to the host (is it on?)' }];

const certificates = sampleDocument(
  [sampleCa, sampleServer, sampleMissedRestart, sampleRenewed],
  [
    {
      host: 'laptop',
      reason: 'unreachable',
      message: '198.18.0.9:22: there is no route to the host',
      hint: 'is it on?',
    },
  ],
);

type Drawn = Pick<ReturnType<typeof memoryOutput>, 'paint' | 'width'>;
const screens: readonly (readonly [name: string, lines: (output: Drawn) => readonly string[]])[] = [
  ['doctor', (output) => doctorText(findings, output)],
  ['certs', (output) => certificatesTable(certificates, output, false)],
  ['verify', ({ paint }) => verificationText({ clients, unreachable }, 21_400, paint)],
];

function shown(lines: (output: Drawn) => readonly string[], width: number, colour = false): string {
  const output = memoryOutput(colour, { width, terminal: true });
  writeFitted(output, lines(output));
  return output.text();
}

describe.each(screens)('%s', (name, lines) => {
  test.each([80, 140])('in %i columns', async (width) => {
    const text = shown(lines, width);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
    await expect(text).toMatchFileSnapshot(`golden/${name}-${width}.txt`);
  });

  test('says all without colours, and has none that vanish on light or dark', () => {
    const painted = shown(lines, 80, true);
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(shown(lines, 80));
    const codes = new Set([...painted.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => Number(code)));
    expect([...codes].filter((code) => ![1, 2, 22, 31, 32, 33, 35, 36, 39].includes(code))).toEqual([]);
  });
});
