import { identities, type RevokedCertificate } from './revoked.ts';
import type { TrustMode } from './trust-record.ts';

/** A revoked certificate that is good for sending all the same. */
export interface LetIn {
  readonly serial: string;
  readonly names: readonly string[];
  /** Half a sentence behind a comma. */
  readonly why: string;
  /** Its CA was replaced: another run ends it. Else the CA must be replaced first. */
  readonly replaced: boolean;
}

/** How a log server decides. */
interface Door {
  readonly mode: TrustMode;
  readonly peers: readonly string[];
  /** Serial number of the CA's present certificate. */
  readonly present: string | undefined;
  /** Those of earlier CAs that it trusts too and that issued what is revoked. */
  readonly earlier: readonly string[];
  /** Fingerprints alone decide: no CA is asked. */
  readonly anyCa: boolean;
  /** It keeps to its list of peers. */
  readonly enforced: boolean;
}

/** Which revoked certificates a log server lets in. Where clients show none there is nothing that could be shut out. */
export function stillLetIn(revoked: readonly RevokedCertificate[], door: Door): readonly LetIn[] {
  if (door.mode === 'anon') return [];
  return revoked.flatMap((one) => {
    const why = reason(one, door);
    if (why === undefined) return [];
    return [{ serial: one.serial, names: one.names, why, replaced: one.issuer !== door.present }];
  });
}

function isTrusted({ issuer }: RevokedCertificate, { present, earlier, anyCa }: Door): boolean {
  if (anyCa || issuer === present) return true;
  return issuer === undefined ? earlier.length > 0 : earlier.includes(issuer);
}

function reason(one: RevokedCertificate, door: Door): string | undefined {
  const { mode, peers, enforced } = door;
  if (!isTrusted(one, door)) return undefined;
  if (mode === 'certvalid') return 'every certificate of its CA is let in';
  const mine = new Set(identities(one));
  const [peer] = peers.filter((name) => mine.has(name.toLowerCase()));
  if (peer !== undefined)
    return mode === 'name' ? `the name ${peer} is permitted` : 'its fingerprint is permitted';
  if (enforced) return undefined;
  return 'the list of permitted peers is not enforced there (driver ossl, rsyslog before 8.2602)';
}
