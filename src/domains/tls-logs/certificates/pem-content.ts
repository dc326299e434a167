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
  const [cut] = cutOff(pem, what);
  if (cut) return cut;
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

/** A certificate that begins and does not end, as a copy that broke off leaves it. */
export function cutOff(pem: string, what: string): Reason[] {
  const begun = pem.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/g)?.length ?? 0;
  const ended = pem.match(/-----END [A-Z0-9 ]*CERTIFICATE-----/g)?.length ?? 0;
  if (begun <= ended) return [];
  const message = `${what} is cut off: the last certificate in it begins and does not end`;
  return [{ code: 'cut-off', message, fix: 'copy the whole file again (is the disk full?)' }];
}

/** OpenSSL's own form of a certificate: GnuTLS reads none of it, and OpenSSL itself takes no issuer from it. */
export function trustedBlocks(pem: string, library: 'openssl' | 'gnutls'): Reason[] {
  const blocks: readonly string[] = pem.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g) ?? [];
  const unread = blocks.findIndex(
    (block, place) => block.includes('TRUSTED') && (library === 'gnutls' || place > 0),
  );
  if (unread < 0) return [];
  const who = library === 'gnutls' ? 'GnuTLS does not read' : 'OpenSSL does not present as an issuer';
  return [
    {
      code: 'trusted-certificate',
      message: `certificate ${unread + 1} of the file is in the form BEGIN TRUSTED CERTIFICATE, which ${who}`,
      fix: 'use the file as the CA or certbot left it, or convert that certificate: openssl x509 -in FILE -out FILE.pem',
    },
  ];
}
