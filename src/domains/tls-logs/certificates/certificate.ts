import { X509Certificate } from 'node:crypto';

const block =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** All certificates of a PEM text in their order; text between them is passed over. Throws on a damaged one. */
export function parseCertificates(pem: string): readonly X509Certificate[] {
  return certificateBlocks(pem).map((text) => new X509Certificate(text));
}

/** The certificates of a PEM text as they stand there, not read yet. */
export function certificateBlocks(pem: string): readonly string[] {
  return pem.match(block) ?? [];
}

/** One certificate in PEM; undefined when it is damaged. */
export function readBlock(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** How a fingerprint is computed; rsyslog before 8.2208 knows SHA1 only. */
export type FingerprintHash = 'SHA1' | 'SHA256';

/** `SHA1:AA:BB:..` or `SHA256:AA:BB:..` of a certificate, as rsyslog wants its peers. */
export function fingerprint(certificate: X509Certificate, hash: FingerprintHash): string {
  return `${hash}:${hash === 'SHA1' ? certificate.fingerprint : certificate.fingerprint256}`;
}

/** `AA:BB:..` (SHA-256) of the first certificate of a PEM text; undefined when there is none or it is damaged. */
export function firstFingerprint(pem: string): string | undefined {
  const [text] = certificateBlocks(pem);
  return text === undefined ? undefined : readBlock(text)?.fingerprint256;
}

/** Upper case with colons, whatever way the user wrote it: `sha256:96bcec..`, `96:BC:EC..`. */
export function normalFingerprint(text: string): string {
  const digits = text.replace(/^(?:sha-?\d+)[:=\s]/i, '').replaceAll(/[^0-9a-f]/gi, '');
  return (digits.toUpperCase().match(/../g) ?? []).join(':');
}

/** A certificate as messages name it: its DNS names, or its subject. */
export function describeCertificate(certificate: X509Certificate): string {
  const names = dnsNames(certificate);
  return names.length > 0 ? names.join(', ') : subjectLine(certificate.subject);
}

/** DNS names of the subject alternative name, in order. */
export function dnsNames(certificate: X509Certificate): readonly string[] {
  const list = certificate.subjectAltName ?? '';
  return [...list.matchAll(/(?:^|, )DNS:("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, name = '']) =>
    name.startsWith('"') ? String(JSON.parse(name)) : name,
  );
}

/** A distinguished name on one line: `C=US, O=ISRG, CN=YE1`. */
export function subjectLine(name: string): string {
  return name.split('\n').join(', ') || '(no subject)';
}
