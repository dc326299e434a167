import type { X509Certificate } from 'node:crypto';
import { parseCertificates } from './certificate.ts';
import type { Reason } from './reason.ts';

const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** The certificates of a file, in their order, or why it has none. */
export function readCertificates(pem: string, what: string): readonly X509Certificate[] | Reason {
  const fix =
    'give a PEM file with -----BEGIN CERTIFICATE----- blocks (from DER: openssl x509 -inform der -in FILE -out FILE.pem)';
  const none = (message: string, better = fix) => ({ code: 'no-certificate', message, fix: better });
  try {
    const found = parseCertificates(pem);
    if (found.length > 0) return found;
  } catch (error) {
    return none(`${what} holds a damaged certificate (${error instanceof Error ? error.message : error})`);
  }
  if (pem.trim() === '') return none(`${what} is empty: it holds no certificate`);
  if (key.test(pem))
    return none(
      `${what} holds a private key and no certificate`,
      'give the certificate: are two names swapped?',
    );
  return none(`${what} holds no certificate`);
}

/** Certificates are for everybody to read: a key beside one would be, too. */
export function keyBeside(pem: string, what: string): Reason[] {
  if (!key.test(pem)) return [];
  const message = `${what} holds a private key beside the certificate, where everybody may read it`;
  return [{ code: 'key-beside', message, fix: 'keep the key in a file of its own' }];
}
