import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bundledRoot } from '../../../../../src/domains/tls-logs/certificates/bundled-root.ts';
import {
  describeCertificate,
  fingerprint,
  firstFingerprint,
  normalFingerprint,
  parseCertificates,
} from '../../../../../src/domains/tls-logs/certificates/certificate.ts';

const isrg =
  '96:BC:EC:06:26:49:76:F3:74:60:77:9A:CF:28:C5:A7:CF:E8:A3:C0:AA:E1:1A:8F:FC:EE:05:C0:BD:DF:08:C6';
const opensslFingerprint = (pem: string, hash: string) =>
  execFileSync('openssl', ['x509', '-noout', '-fingerprint', `-${hash}`], {
    input: pem,
    encoding: 'utf8',
  }).replace(/^.*=|\s/g, '');

describe('certificates', () => {
  it('the root that the roles pin is among those of Node', () => {
    const pem = bundledRoot(isrg);
    const [root] = parseCertificates(`text before\n${pem}text after\n${pem}`);
    expect(root && describeCertificate(root)).toBe(
      'C=US, O=Internet Security Research Group, CN=ISRG Root X1',
    );
    expect(bundledRoot('00:11')).toBeUndefined();
  });

  it.each(['SHA1', 'SHA256'] as const)('fingerprints are those of openssl: %s', (hash) => {
    const pem = bundledRoot(isrg) ?? '';
    const [root] = parseCertificates(pem);
    expect(root && fingerprint(root, hash)).toBe(`${hash}:${opensslFingerprint(pem, hash.toLowerCase())}`);
  });

  it.each([
    [isrg, isrg],
    [isrg.replaceAll(':', '').toLowerCase(), isrg],
    [`SHA256:${isrg}`, isrg],
    [`sha256 Fingerprint=${isrg}`.replace(' Fingerprint', ''), isrg],
  ])('a fingerprint may be written as %s', (text, normal) => {
    expect(normalFingerprint(text)).toBe(normal);
  });

  it('a file without a certificate has no fingerprint', () => {
    expect(firstFingerprint('')).toBeUndefined();
    expect(firstFingerprint('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toBeUndefined();
  });
});
