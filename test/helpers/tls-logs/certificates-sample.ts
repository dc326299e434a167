import {
  certificatesExitCode,
  nextSteps,
} from '../../../src/domains/tls-logs/commands/certs/certs-advice.ts';
import type {
  CertificatesDocument,
  ShownCertificate,
  UnseenHost,
} from '../../../src/domains/tls-logs/commands/certs/certs-document.ts';

const print = (byte: string) => Array.from({ length: 32 }, () => byte).join(':');
const one = { fingerprints: [print('1A')], troubles: [] };
const other = { fingerprints: [print('2B')], troubles: [] };

/** The private CA of the sample, in order. */
export const sampleCa: ShownCertificate = {
  host: null,
  place: '/home/me/logs/.provision/ca',
  subject: 'CN=provision private CA 4c1d2e3f',
  names: [],
  issuer: 'CN=provision private CA 4c1d2e3f',
  serial: '4C1D2E3F4C1D2E3F4C1D2E3F4C1D2E3F',
  fingerprint: print('CA'),
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2036-01-01T00:00:00.000Z',
  daysLeft: 3500,
  dueIn: 2282,
  stages: { issued: { fingerprints: [print('CA')], troubles: [] } },
  equal: true,
  due: [],
};

/** A server's certificate, in order. */
export const sampleServer: ShownCertificate = {
  host: 'logs',
  place: '/etc/rsyslog.d/provision-tls/own',
  subject: '(no subject)',
  names: ['log.example.com', 'logs.lan'],
  issuer: 'C=US, O=Example, CN=YE1',
  serial: '05A1B2C3D4E5F60718293A4B5C6D7E8F90',
  fingerprint: print('1A'),
  notBefore: '2026-05-01T00:00:00.000Z',
  notAfter: '2026-07-30T00:00:00.000Z',
  daysLeft: 89,
  dueIn: 59,
  stages: { issued: one, deployed: one, served: one },
  equal: true,
  due: [],
};

/** A client's certificate whose daemon was not restarted. */
export const sampleMissedRestart: ShownCertificate = {
  ...sampleServer,
  host: 'h2',
  subject: 'CN=h2',
  names: ['h2'],
  issuer: sampleCa.subject ?? '',
  stages: {
    issued: one,
    deployed: one,
    served: {
      fingerprints: [],
      troubles: [
        'rsyslog uses an earlier one: it was started 2026-04-30T23:00:00Z, and this was put there 2026-05-01T00:00:02Z',
      ],
    },
  },
  equal: false,
  due: [
    {
      code: 'trouble',
      message:
        'served: rsyslog uses an earlier one: it was started 2026-04-30T23:00:00Z, and this was put there 2026-05-01T00:00:02Z',
    },
  ],
  remedy: 'apply',
};

/** A certificate that its issuer renewed and nobody deployed, and one that is about to end. */
export const sampleRenewed: ShownCertificate = {
  ...sampleServer,
  stages: { issued: other, deployed: one, served: one },
  equal: false,
  due: [
    {
      code: 'differs',
      message:
        'issued 2B:2B:2B:2B.. (until 2026-09-28) is not deployed: that is 1A:1A:1A:1A.. (until 2026-07-30)',
    },
  ],
  remedy: 'apply',
};

/** A document of these certificates and hosts. */
export function sampleDocument(
  certificates: readonly ShownCertificate[],
  unseen: readonly UnseenHost[] = [],
): CertificatesDocument {
  const seen = { certificates, unseen };
  const commands = {
    apply: 'provision apply home-lab.yml --tags certificates',
    certs: 'provision certs home-lab.yml',
    renewCa: (directory: string) => `provision ca renew -d ${directory}`,
  };
  return {
    type: 'certificates',
    format: 1,
    version: '0.1.0',
    playbook: 'home-lab.yml',
    checked: '2026-05-02T00:00:00.000Z',
    ...seen,
    stores: [],
    due: certificates.filter(({ due }) => due.length > 0).length,
    next: nextSteps(seen, commands),
    exitCode: certificatesExitCode(seen),
  };
}
