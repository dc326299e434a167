import { loadX509 } from './x509-library.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A new P-256 key (PKCS#8, PEM) and a request (PEM) for a certificate of it; the request names nobody. */
export async function makeRequest(): Promise<{ readonly key: string; readonly request: string }> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=provision',
    keys,
    signingAlgorithm: algorithm,
  });
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`, request: request.toString('pem') };
}
