import type { X509Certificate } from 'node:crypto';
import type { IssuedCertificate } from './issued-record.ts';

/** What has become of an issued certificate; `due`: the next apply replaces it, because its owner said so. */
export type IssuedState = 'valid' | 'due' | 'superseded' | 'revoked' | 'expired';

/** Whether two certificates are for the same names. */
function sameNames(one: IssuedCertificate, other: IssuedCertificate): boolean {
  const sorted = ({ names }: IssuedCertificate) => names.map((name) => name.toLowerCase()).sort();
  return sorted(one).join(' ') === sorted(other).join(' ');
}

// Old records do not name the issuer: what began before this CA cannot be its own.
function isFrom(authority: X509Certificate, { issuer, notBefore }: IssuedCertificate): boolean {
  if (issuer !== undefined) return issuer === authority.serialNumber;
  return new Date(notBefore) >= authority.validFromDate;
}

/** The state of each certificate of a record, in its order; superseded by a later one for the same names, or by a new CA. */
export function issuedStates(
  record: readonly IssuedCertificate[],
  authority: X509Certificate,
  now: Date,
): readonly IssuedState[] {
  return record.map((issued, place) => {
    if (new Date(issued.notAfter) <= now) return 'expired';
    if (issued.revoked !== undefined) return 'revoked';
    const later = record.slice(place + 1).some((other) => sameNames(issued, other));
    if (later || !isFrom(authority, issued)) return 'superseded';
    return issued.renew === undefined ? 'valid' : 'due';
  });
}
