import type { X509Certificate } from 'node:crypto';
import { dnsNames, parseCertificates, subjectLine } from './certificate.ts';

/** What is worth knowing of a certificate, as plain data. */
export interface CertificateDetails {
  readonly subject: string;
  /** DNS names. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** SHA-256, `AA:BB:..`. */
  readonly fingerprint: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whether it may issue others. */
  readonly authority: boolean;
}

const dayMilliseconds = 86_400_000;

/** Reads the first certificate of a PEM text; undefined when there is none, or it is damaged. */
export function detailsOf(pem: string): CertificateDetails | undefined {
  try {
    const [first] = parseCertificates(pem);
    return first && details(first);
  } catch {
    return undefined;
  }
}

function details(certificate: X509Certificate): CertificateDetails {
  const { subject, issuer, serialNumber, fingerprint256, validFromDate, validToDate, ca } = certificate;
  return {
    // No profile promises a subject; Node says undefined where it is empty.
    subject: subjectLine(subject ?? ''),
    names: dnsNames(certificate),
    issuer: subjectLine(issuer ?? ''),
    serial: serialNumber,
    fingerprint: fingerprint256,
    notBefore: validFromDate.toISOString(),
    notAfter: validToDate.toISOString(),
    authority: ca,
  };
}

/** A certificate by its first name, else by its subject. */
export function nameOf({ names, subject }: CertificateDetails): string {
  return names[0] ?? subject;
}

/** Days until a certificate ends, as a fraction; negative once it has. */
export function daysLeft({ notAfter }: CertificateDetails, now: Date): number {
  return (Date.parse(notAfter) - now.getTime()) / dayMilliseconds;
}

/** A third of a certificate's life in days: what is left then is time enough to renew and to notice that it failed. */
export function thirdOfLife({ notBefore, notAfter }: CertificateDetails): number {
  return (Date.parse(notAfter) - Date.parse(notBefore)) / dayMilliseconds / 3;
}
