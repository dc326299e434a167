import { mapping } from './trust-record.ts';

/** A certificate that was revoked and has not expired, as `private_ca_issued` found it in the CA's record. */
export interface RevokedCertificate {
  readonly serial: string;
  readonly names: readonly string[];
  readonly sha256: string;
  /** Undefined in records of old. */
  readonly sha1: string | undefined;
  /** Serial number of the CA certificate that issued it; undefined: an earlier one, and the record does not say which. */
  readonly issuer: string | undefined;
}

/** What the log server's look at the private CA found. */
export interface IssuedCertificates {
  /** Serial number of the CA's present certificate. */
  readonly present: string | undefined;
  readonly revoked: readonly RevokedCertificate[];
  /** How many other certificates the log server's CA file held when the run began, and which of them issued what is revoked. */
  readonly kept: number;
  readonly keptRevoked: readonly string[];
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What was registered of that look; nothing where there was none. */
export function issuedCertificates(look: unknown): IssuedCertificates {
  const { present, revoked, kept, kept_revoked: keptRevoked } = mapping(look);
  return {
    present: text(present),
    kept: Number(kept ?? 0),
    keptRevoked: list(keptRevoked).map(String),
    revoked: list(revoked).map((one) => {
      const { serial, names, sha256, sha1, issuer } = mapping(one);
      return {
        serial: String(serial),
        names: list(names).map(String),
        sha256: String(sha256),
        sha1: text(sha1),
        issuer: text(issuer),
      };
    }),
  };
}

/** What a host that permits this certificate has in its list of peers: one of these, in lower case. */
export function identities({ names, sha256, sha1 }: RevokedCertificate): readonly string[] {
  const prints = [`sha256:${sha256}`, ...(sha1 === undefined ? [] : [`sha1:${sha1}`])];
  return [...names, ...prints].map((one) => one.toLowerCase());
}

/** The peers that no revoked certificate is meant by; where its SHA-1 is not known, none that is known by SHA-1. */
export function notRevoked(
  peers: readonly string[],
  revoked: readonly RevokedCertificate[],
): readonly string[] {
  const gone = new Set(revoked.flatMap(identities));
  const unsure = revoked.some(({ sha1 }) => sha1 === undefined);
  return peers.filter((peer) => {
    const key = peer.toLowerCase();
    return !gone.has(key) && !(unsure && key.startsWith('sha1:'));
  });
}
