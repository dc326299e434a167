import type { X509Certificate } from 'node:crypto';
import { describeCertificate, subjectLine } from './certificate.ts';
import { isSelfSigned } from './chain.ts';
import { readCertificates } from './pem-content.ts';
import type { Reason } from './reason.ts';
import { type Clocks, validity } from './validity.ts';

/** An intermediate where a root belongs: it alone is trusted by nobody's TLS library. */
export function intermediateReason(authority: X509Certificate, what: string): Reason {
  const root = subjectLine(authority.issuer);
  return {
    code: 'intermediate-as-root',
    message: `${what} holds the intermediate ${subjectLine(authority.subject)}, not the root that issued it`,
    fix: `put the root certificate (${root}) into the CA file; intermediates belong in fullchain.pem`,
  };
}

/** Why the first certificate of a file is no root to trust, whatever it is to judge; [] when it is one. */
export function checkAuthorityFile(pem: string, what: string, clocks: Clocks): readonly Reason[] {
  const found = readCertificates(pem, what);
  if ('code' in found) return [found];
  const [first] = found;
  if (!first) return [];
  const outdated = validity(first, `the root in ${what}`, clocks, 'take the root that the CA publishes now');
  // A self-signed certificate is its own root even where it may not issue others.
  if (isSelfSigned(first)) return outdated;
  if (first.ca) return [intermediateReason(first, what), ...outdated];
  const message = `${what} holds no CA certificate, but one for ${describeCertificate(first)}`;
  const fix = `give the root certificate that its chain ends at, not a certificate that it issued`;
  return [{ code: 'not-a-ca', message, fix }, ...outdated];
}
