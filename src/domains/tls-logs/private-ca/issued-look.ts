import { readBlock } from '../certificates/certificate.ts';
import { type IssuedCertificate, readRecord } from './issued-record.ts';
import { readAuthorityCertificate } from './private-ca-files.ts';

/** What a CA has issued that is valid still, as far as it matters to who trusts the CA. */
export interface IssuedLook {
  /** Serial number of the CA's present certificate; undefined while there is none. */
  readonly present: string | undefined;
  /** Whoever has their keys may use them until they expire. Also those of CAs before this one. */
  readonly revoked: readonly IssuedCertificate[];
  /** Of the present CA, not revoked. */
  readonly usable: readonly IssuedCertificate[];
}

/** Reads without waiting what a CA has issued, and whether it may still be used; nothing when there is no CA. */
export function issuedLook(directory: string, now: Date): IssuedLook {
  const pem = readAuthorityCertificate(directory);
  const authority = pem === undefined ? undefined : readBlock(pem);
  if (!authority) return { present: undefined, revoked: [], usable: [] };
  const present = authority.serialNumber;
  const valid = readRecord(directory).flatMap((one) => {
    if (new Date(one.notAfter) <= now) return [];
    // Old records do not name the issuer: what began before this CA cannot be its own.
    const own = one.issuer === undefined && new Date(one.notBefore) >= authority.validFromDate;
    return [own ? { ...one, issuer: present } : one];
  });
  return {
    present,
    revoked: valid.filter(({ revoked }) => revoked !== undefined),
    usable: valid.filter((one) => one.revoked === undefined && one.issuer === present),
  };
}

/** Serial numbers of CA certificates that issued what is revoked now; undefined: an old record does not say which. */
export function revokedIssuers({ revoked }: IssuedLook): ReadonlySet<string | undefined> {
  return new Set(revoked.map(({ issuer }) => issuer));
}

/** Whether the CA certificate with this serial number may have issued what is revoked: of an old record nobody knows. */
export function mayHaveIssued(issuers: ReadonlySet<string | undefined>, serial: string): boolean {
  return issuers.has(serial) || issuers.has(undefined);
}
