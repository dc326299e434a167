import { randomBytes, type X509Certificate } from 'node:crypto';
import { ProvisionError } from '../../../errors/problem.ts';
import { isDnsName } from '../certificates/dns-name.ts';
import { backdated, keyAlgorithm } from '../certificates/issue-terms.ts';
import { encodePermitted, nameConstraintsOid, normalSuffix } from '../certificates/name-constraints.ts';
import { randomSerial } from './random-serial.ts';
import { loadX509 } from './x509-library.ts';

const day = 86_400_000;
const yearsByDefault = 10;
const longestDays = 36_500;
const defaultName = 'provision private CA';
// A common name has 64 characters, 9 of them are taken by what makes it unique.
const longestName = 55;

/** A new CA: its key (PKCS#8, PEM) and its certificate (PEM). */
export interface NewAuthority {
  readonly key: string;
  readonly certificate: string;
}

/** What the owner says about a new CA. */
export interface AuthorityWish {
  /** Its common name; eight random digits are put behind it. */
  readonly name?: string | undefined;
  /** Ten years without it. */
  readonly days?: number | undefined;
  /** DNS suffixes that it may certify; none or []: every name. */
  readonly permitted?: readonly string[] | undefined;
}

/** Throws ProvisionError for a wish that no CA can fulfil. */
export function checkWish({ name, days, permitted = [] }: AuthorityWish): void {
  const refuse = (message: string, hint: string) =>
    new ProvisionError([{ code: 'private-ca', message, hint }]);
  if (name !== undefined && !/^[\p{L}\p{N}][\p{L}\p{N} ._()'&:/@-]*$/u.test(name.trim()))
    throw refuse(
      `'${name}' cannot be the name of a CA`,
      "letters, digits, spaces and . _ - ( ) ' & : / @ can",
    );
  if (name !== undefined && name.trim().length > longestName)
    throw refuse(`the CA's name has ${name.trim().length} characters`, `${longestName} fit`);
  if (days !== undefined && days > longestDays)
    throw refuse(`${days} days are too long for a CA`, `at most ${longestDays}, a hundred years`);
  const bad = permitted.filter((suffix) => !isDnsName(normalSuffix(suffix)));
  if (bad.length > 0)
    throw refuse(
      `'${bad.join("', '")}' is not a DNS suffix`,
      "write it as in 'lab.example.com': that permits the name itself and all below it",
    );
}

/** The name that the owner gave a CA: its common name without the digits that make it unique. */
export function givenName(certificate: X509Certificate): string | undefined {
  const commonName: unknown = certificate.toLegacyObject().subject.CN;
  return typeof commonName === 'string' ? commonName.replace(/ [0-9a-f]{8}$/, '') : undefined;
}

/** Makes a self-signed CA with a P-256 key; throws ProvisionError when the wish cannot be fulfilled. */
export async function makeAuthority(now: Date, wish: AuthorityWish = {}): Promise<NewAuthority> {
  checkWish(wish);
  const { days, permitted = [] } = wish;
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const notAfter = new Date(now);
  if (days === undefined) notAfter.setUTCFullYear(now.getUTCFullYear() + yearsByDefault);
  else notAfter.setTime(now.getTime() + days * day);
  // Two CAs never have the same name: a chain cannot be mistaken for the other's.
  const commonName = `${wish.name?.trim() ?? defaultName} ${randomBytes(4).toString('hex')}`;
  const constraints = [...new Set(permitted.map(normalSuffix))];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(now.getTime() - backdated),
    notAfter,
    signingAlgorithm: keyAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ...(constraints.length > 0
        ? [new x509.Extension(nameConstraintsOid, true, new Uint8Array(encodePermitted(constraints)))]
        : []),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    key: `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`,
    certificate: `${certificate.toString('pem')}\n`,
  };
}
