import { describe, expect, it } from 'vitest';
import {
  certificatesExitCode,
  certificatesSummary,
  nextSteps,
} from '../../../../../src/domains/tls-logs/commands/certs/certs-advice.ts';
import type {
  ShownCertificate,
  UnseenHost,
} from '../../../../../src/domains/tls-logs/commands/certs/certs-document.ts';
import { certificatesTable } from '../../../../../src/domains/tls-logs/commands/certs/certs-table.ts';
import { jsonText } from '../../../../../src/report/json-text.ts';
import { paintWith } from '../../../../../src/report/paint.ts';
import {
  sampleCa,
  sampleDocument,
  sampleMissedRestart,
  sampleRenewed,
  sampleServer,
} from '../../../../helpers/tls-logs/certificates-sample.ts';

const output = { paint: paintWith(false), width: 80 };
const unreachable: UnseenHost = {
  host: 'h10',
  reason: 'unreachable',
  message: 'connect ETIMEDOUT 198.18.0.3:22',
  hint: 'see that `ssh h10` works',
};
const failing: UnseenHost = {
  host: 'h3',
  reason: 'incomplete',
  task: 'Server certificate suits the clients',
  message: 'the certificate expired on 2026-05-01 (1 day ago)\nrenew it (certbot renew), then run again',
};
const none: ShownCertificate = {
  host: 'h4',
  place: '/etc/rsyslog.d/provision-tls/own',
  stages: { issued: { fingerprints: [], troubles: [] }, deployed: { fingerprints: [], troubles: [] } },
  equal: true,
  due: [{ code: 'missing', message: 'issued: there is no certificate' }],
  remedy: 'apply',
};

describe('certificatesTable', () => {
  it.each([
    ['in-order', sampleDocument([sampleCa, sampleServer]), false],
    [
      'due',
      sampleDocument([sampleCa, sampleMissedRestart, none, sampleRenewed], [failing, unreachable]),
      false,
    ],
    ['whole', sampleDocument([sampleCa, sampleMissedRestart]), true],
  ])('%s', async (name, document, verbose) => {
    const lines = certificatesTable(document, output, verbose);
    if (!verbose) expect(lines.filter((line) => line.length > 80)).toEqual([]);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/certificates-${name}.txt`);
  });

  it('says of received lines how they lie on the disk', () => {
    const at = { host: 'h1', directory: '/var/log/remote' };
    const stores = [
      { ...at, encrypted: true, encryption: 'gocryptfs' },
      { ...at, host: 'h2', encrypted: false, encryption: 'none' },
    ];
    expect(certificatesTable({ ...sampleDocument([]), stores }, output, false)).toEqual(
      expect.arrayContaining([
        'received lines on h1 lie in /var/log/remote, encrypted by gocryptfs',
        'received lines on h2 lie in /var/log/remote, in the clear',
      ]),
    );
  });

  it('as JSON it is what was found', async () => {
    const document = sampleDocument([sampleCa, sampleMissedRestart], [unreachable]);
    const text = jsonText(document, 2);
    expect(JSON.parse(text)).toEqual(document);
    await expect(`${text}\n`).toMatchFileSnapshot('golden/certificates.json');
  });

  it('lets no certificate write lines of ours', () => {
    const forged = { ...sampleMissedRestart, names: ['a.lan\nall in order;\tnext due', 'b.lan'] };
    for (const verbose of [false, true]) {
      const lines = certificatesTable(sampleDocument([forged]), output, verbose);
      expect(lines.join('\n')).not.toMatch(/^all in order/m);
      expect(lines[0]).toContain('a.lan?all in order;?next due');
    }
  });

  it('as JSON holds nothing that a terminal might obey', () => {
    const obeyed = '\u001b[2J\u009b2J\u200f\u061c\u202e\ufeff';
    const text = jsonText(sampleDocument([{ ...sampleServer, names: [obeyed] }]));
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(text).certificates[0].names).toEqual([obeyed]);
  });

  it('keeps long names of hosts and certificates within the line', () => {
    const long = {
      ...sampleServer,
      host: 'a-host-with-a-very-long-name.example.net',
      names: Array.from({ length: 9 }, (_, n) => `name-${n}.example.net`),
    };
    const lines = certificatesTable(sampleDocument([long]), output, false);
    expect(lines[0]).toMatch(/^a-host-with-a-very-… {2}name-0\.example\.net, name-1.*… +89 days left {2}ok$/);
    expect(lines.slice(0, 4).every((line) => line.length <= 80)).toBe(true);
    expect(certificatesTable(sampleDocument([long]), output, true)[0]).toContain('name-8.example.net');
  });
});

describe('what comes next', () => {
  const commands = { apply: 'APPLY', certs: 'CERTS', renewCa: (directory: string) => `RENEW ${directory}` };
  const expiring = { ...sampleServer, due: [{ code: 'expiring', message: 'soon' }] };

  it.each<[string, readonly ShownCertificate[], readonly UnseenHost[], 0 | 1 | 2 | 4, readonly string[]]>([
    ['nothing', [sampleServer], [], 0, []],
    ['a run', [sampleRenewed], [], 2, ['APPLY']],
    ['due wins over what cannot be seen', [sampleRenewed], [unreachable], 2, ['APPLY']],
    [
      'and over what would fail, which is to be fixed first',
      [sampleRenewed],
      [failing],
      2,
      ['fix what would fail, as shown above', 'APPLY'],
    ],
    [
      'what would fail wins over what cannot be reached',
      [sampleServer],
      [unreachable, failing],
      1,
      ['fix what would fail, as shown above'],
    ],
    ['a host that is down', [sampleServer], [unreachable], 4, ['once they are back: CERTS']],
    ['what is not known yet', [], [{ ...failing, reason: 'pending' }], 2, ['APPLY']],
    [
      'a renewal by others, then a run',
      [{ ...expiring, remedy: 'issuer' }],
      [],
      2,
      [
        'renew log.example.com where it was issued: with certbot, `certbot renew` on logs shows why it has not been',
        'APPLY',
      ],
    ],
    [
      'another private CA, then a run',
      [{ ...expiring, ...sampleCa, due: expiring.due, remedy: 'authority' }],
      [],
      2,
      ['RENEW /home/me/logs/.provision/ca', 'APPLY'],
    ],
    [
      'a clock',
      [{ ...expiring, remedy: 'clock' }],
      [],
      2,
      ['see that the clocks of logs and of this machine are right'],
    ],
  ])('%s', (_what, certificates, unseen, code, steps) => {
    expect(certificatesExitCode({ certificates, unseen })).toBe(code);
    expect(nextSteps({ certificates, unseen }, commands)).toEqual(steps);
  });

  it.each<[readonly ShownCertificate[], readonly UnseenHost[], string]>([
    [[sampleCa, sampleServer], [], 'all in order; next due: log.example.com on logs in 59 days'],
    [
      [{ ...sampleServer, dueIn: 1 }, sampleCa],
      [],
      'all in order; next due: log.example.com on logs in 1 day',
    ],
    [[sampleServer], [unreachable], 'all that was seen (1 certificate) is in order; not all was seen of h10'],
    [[sampleServer, none], [], '1 of 2 certificates due: /etc/rsyslog.d/provision-tls/own on h4'],
    [[], [], 'no certificates: site.yml has no task about one for these hosts and tags'],
  ])('%#', (certificates, unseen, text) => {
    expect(certificatesSummary({ certificates, unseen, playbook: 'site.yml' })).toBe(text);
  });
});
