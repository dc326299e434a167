import type { X509Certificate } from 'node:crypto';

/** How far a presented chain leads towards the certificates of a CA file. */
export type Chain =
  | { readonly kind: 'trusted'; readonly path: readonly X509Certificate[] }
  /** The last certificate of the longest path found; its issuer is nowhere. */
  | { readonly kind: 'broken'; readonly path: readonly X509Certificate[]; readonly last: X509Certificate };

// Longer chains do not occur; the bound keeps cross-signed circles from being walked.
const deepest = 10;

/** Whether a certificate signed itself. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/**
 * Finds a path from the first certificate to a self-signed one of the CA file, as OpenSSL does:
 * certificates of the CA file that are not self-signed help along the way but do not end it.
 */
export function findChain(presented: readonly X509Certificate[], trusted: readonly X509Certificate[]): Chain {
  const [leaf] = presented;
  if (!leaf) throw new RangeError('a chain needs at least one certificate');
  const pool = [...trusted, ...presented.slice(1)];
  let longest: readonly X509Certificate[] = [leaf];
  const walk = (path: readonly X509Certificate[], last: X509Certificate): Chain | undefined => {
    if (path.length > longest.length) longest = path;
    const inFile = trusted.some((one) => one.fingerprint256 === last.fingerprint256);
    if (inFile && isSelfSigned(last)) return { kind: 'trusted', path };
    if (path.length >= deepest) return undefined;
    for (const issuer of pool) {
      if (path.some((one) => one.fingerprint256 === issuer.fingerprint256) || !issued(issuer, last)) continue;
      const found = walk([...path, issuer], issuer);
      if (found) return found;
    }
    return undefined;
  };
  return walk([leaf], leaf) ?? { kind: 'broken', path: longest, last: longest.at(-1) ?? leaf };
}
