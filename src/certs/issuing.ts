import { createPublicKey, type KeyObject, randomBytes, type X509Certificate } from 'node:crypto';
import { ProvisionError } from '../errors/problem.ts';
import { loadX509 } from './x509-library.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;
// Certificates are valid from a little before now: hosts' clocks differ.
const backdated = 3_600_000;
const authorityYears = 10;

/** A new CA: its key (PKCS#8, PEM) and its certificate (PEM). */
export interface NewAuthority {
  readonly key: string;
  readonly certificate: string;
}

/** What a certificate is to say; nothing of the request but its key is believed. */
export interface Wanted {
  readonly names: readonly string[];
  readonly days: number;
  /** Also usable as a TLS server. */
  readonly server: boolean;
}

/** 128 random bits, positive in DER. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** Makes a self-signed CA of ten years with a P-256 key. */
export async function makeAuthority(now: Date): Promise<NewAuthority> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + authorityYears);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // Two CAs never have the same name: a chain cannot be mistaken for the other's.
    name: `CN=provision private CA ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(now.getTime() - backdated),
    notAfter,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    key: `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`,
    certificate: `${certificate.toString('pem')}\n`,
  };
}

function refuse(message: string): ProvisionError {
  const hint = 'the host makes the request anew in the next run; remove its .new directory if it stays';
  return new ProvisionError([{ code: 'certificate-request', message, hint }]);
}

function weakness(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ed25519') return undefined;
  if (key.asymmetricKeyType === 'rsa')
    return modulusLength >= 2048 ? undefined : `RSA of ${modulusLength} bits`;
  if (key.asymmetricKeyType === 'ec' && ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve ?? ''))
    return undefined;
  return `a key of type ${key.asymmetricKeyType} ${namedCurve ?? ''}`.trim();
}

function checkNames(names: readonly string[]): void {
  const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
  const bad = names.filter(
    (name) => name.length > 253 || !new RegExp(`^${label}(?:\\.${label})*$`, 'i').test(name),
  );
  if (names.length > 0 && bad.length === 0) return;
  const message =
    bad.length > 0 ? `'${bad.join("', '")}' cannot be a DNS name of a certificate` : 'no name to certify';
  throw refuse(message);
}

/**
 * Signs the key of a PEM request: client certificate with the wanted names and life, at most to the CA's own end.
 * @throws ProvisionError when the request is damaged, its signature is not its key's, or the key is too weak
 */
export async function signRequest(
  request: string,
  wanted: Wanted,
  authority: { readonly certificate: X509Certificate; readonly key: KeyObject },
  now: Date,
): Promise<string> {
  checkNames(wanted.names);
  const x509 = await loadX509();
  const csr = readRequest(x509, request);
  if (!(await csr.verify())) throw refuse("the certificate request is not signed with the request's own key");
  const weak = weakness(createPublicKey(csr.publicKey.toString('pem')));
  if (weak) throw refuse(`the certificate request has ${weak}, which is too weak or not known`);
  const der = authority.key.export({ type: 'pkcs8', format: 'der' });
  const signingKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, false, ['sign']);
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  const end = Math.min(now.getTime() + wanted.days * day, authority.certificate.validToDate.getTime());
  const issuer = new x509.X509Certificate(new Uint8Array(authority.certificate.raw));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: new x509.Name([{ CN: [(wanted.names[0] ?? '').slice(0, 64)] }]).toString(),
    issuer: issuer.subjectName,
    notBefore: new Date(Math.max(now.getTime() - backdated, authority.certificate.validFromDate.getTime())),
    notAfter: new Date(end),
    signingAlgorithm: algorithm,
    publicKey: csr.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(wanted.server ? [clientAuth, serverAuth] : [clientAuth]),
      new x509.SubjectAlternativeNameExtension(wanted.names.map((value) => ({ type: 'dns', value }))),
      await x509.SubjectKeyIdentifierExtension.create(csr.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

type Library = Awaited<ReturnType<typeof loadX509>>;

function readRequest(x509: Library, pem: string): InstanceType<Library['Pkcs10CertificateRequest']> {
  const text = pem.match(
    /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----[\s\S]*?-----END (?:NEW )?CERTIFICATE REQUEST-----/,
  );
  try {
    return new x509.Pkcs10CertificateRequest(text?.[0] ?? '');
  } catch (error) {
    throw refuse(
      `what the host sent is no certificate request (${error instanceof Error ? error.message : error})`,
    );
  }
}
