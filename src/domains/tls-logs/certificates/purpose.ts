import type { X509Certificate } from 'node:crypto';

/** What a TLS certificate is shown for. */
export type Purpose = 'server' | 'client';

const usageOid: Record<Purpose, string> = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };
const usageNames: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};

/** Extended key usages by name; empty when the certificate has none and so serves every purpose. */
export function extendedUsages(certificate: X509Certificate): readonly string[] {
  return (certificate.keyUsage ?? []).map((oid) => usageNames[oid] ?? oid);
}

/** Whether extended key usage allows the purpose, judged as OpenSSL does: none at all allows everything, `any` does not. */
export function servesPurpose(certificate: X509Certificate, purpose: Purpose): boolean {
  const usages = certificate.keyUsage;
  return usages === undefined || usages.includes(usageOid[purpose]);
}

/** `serverAuth` or `clientAuth`. */
export function usageName(purpose: Purpose): string {
  return usageNames[usageOid[purpose]] ?? purpose;
}
