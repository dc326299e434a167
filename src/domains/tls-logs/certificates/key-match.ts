import { createPublicKey, type X509Certificate } from 'node:crypto';

/** Whether a public key (PEM) is the one that the certificate was made for; false for text that is no key. */
export function keyMatches(certificate: X509Certificate, publicKeyPem: string): boolean {
  try {
    return certificate.publicKey.equals(createPublicKey(publicKeyPem));
  } catch {
    return false;
  }
}
