import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { ProvisionError } from '../../../errors/problem.ts';
import { isDnsName } from '../certificates/dns-name.ts';
import { backdated, keyAlgorithm } from '../certificates/issue-terms.ts';
import { randomSerial } from './random-serial.ts';
import { loadX509 } from './x509-library.ts';

const day = 86_400_000;

/** What a certificate is to say; nothing of the request but its key is believed. */
export interface Wanted {
  readonly names: readonly string[];
  readonly days: number;
  /** Also usable as a TLS server. */
  readonly server: boolean;
  /** For what is no managed host: no run will renew it. */
  readonly unmanaged?: boolean;
}

function refuse(message: string): ProvisionError {
  const hint =
    'make the request anew; a host does so in the next run (remove its .new directory if it stays)';
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
  const bad = names.filter((name) => !isDnsName(name));
  if (names.length > 0 && bad.length === 0) return;
  const message =
    bad.length > 0 ? `'${bad.join("', '")}' cannot be a DNS name of a certificate` : 'no name to certify';
  const hint = 'take names of letters, digits, - and _, with dots between, as in printer.lab';
  throw new ProvisionError([{ code: 'certificate-request', message, hint }]);
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
  const signingKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), keyAlgorithm, false, [
    'sign',
  ]);
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  const end = Math.min(now.getTime() + wanted.days * day, authority.certificate.validToDate.getTime());
  const issuer = new x509.X509Certificate(new Uint8Array(authority.certificate.raw));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: new x509.Name([{ CN: [(wanted.names[0] ?? '').slice(0, 64)] }]).toString(),
    issuer: issuer.subjectName,
    notBefore: new Date(Math.max(now.getTime() - backdated, authority.certificate.validFromDate.getTime())),
    notAfter: new Date(end),
    signingAlgorithm: keyAlgorithm,
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
    throw refuse(`this is not a certificate request (${error instanceof Error ? error.message : error})`);
  }
}
