import type { X509Certificate } from 'node:crypto';
import { intermediateReason } from './authority-file.ts';
import { describeCertificate, dnsNames, subjectLine } from './certificate.ts';
import { type Chain, findChain, isSelfSigned } from './chain.ts';
import { keyMatches } from './key-match.ts';
import { cutOff, keyBeside, readCertificates, trustedBlocks } from './pem-content.ts';
import { extendedUsages, type Purpose, servesPurpose, usageName } from './purpose.ts';
import type { Reason } from './reason.ts';
import { type Clocks, validity } from './validity.ts';

/** What is to be judged, all of it public. */
export interface CertificateQuestion {
  /** The certificate and the intermediates presented with it, PEM. */
  readonly chain: string;
  /** Public half of the key that lies beside it, PEM; undefined: not compared. */
  readonly publicKey: string | undefined;
  /** The CA file of the other side, PEM; undefined: the chain is not followed. */
  readonly authorities: string | undefined;
  /** All that it is to be shown as. */
  readonly purposes: readonly Purpose[];
  /** DNS names that the other side will look for; all must be covered. */
  readonly names: readonly string[];
  readonly clocks: Clocks;
  /** What shows it; openssl when nothing is said. */
  readonly library?: 'openssl' | 'gnutls';
  /** The file that it is from, and the names of files beside it that make up a chain. */
  readonly file?: string;
  readonly beside?: readonly string[];
}

const renew = 'renew it (certbot renew), then run again';

function misfits(certificate: X509Certificate, whose: string, purposes: readonly Purpose[]): Reason[] {
  return purposes.flatMap((purpose) => misfit(certificate, whose, purpose));
}

function misfit(certificate: X509Certificate, whose: string, purpose: Purpose): Reason[] {
  if (servesPurpose(certificate, purpose)) return [];
  const message = `${whose} is for ${extendedUsages(certificate).join(', ')} only, but ${usageName(purpose)} is needed to act as TLS ${purpose}`;
  const fix =
    purpose === 'client'
      ? "public CAs such as Let's Encrypt no longer issue client certificates: take the client's certificate from the private CA"
      : 'take a certificate issued for servers, for example from certbot';
  return [{ code: 'wrong-purpose', message, fix }];
}

// Clients of ACME leave the whole chain in one file, or the issuer in one of its own (Synology, lego).
function wholeChain({ file = 'cert.pem', beside = [] }: CertificateQuestion): string {
  const own = file.slice(file.lastIndexOf('/') + 1);
  const whole = beside.find((name) => name.startsWith('fullchain.'));
  const [rest] = beside;
  // A file is not joined onto itself: the shell would empty it before it is read.
  if (whole === undefined && rest !== undefined && own !== 'fullchain.pem')
    return `put the chain behind it: cat ${own} ${rest} >fullchain.pem in that directory, and use fullchain.pem`;
  const instead = own === 'fullchain.pem' ? 'cert.pem' : own;
  return `use ${whole ?? 'fullchain.pem'} instead of ${instead}`;
}

function brokenChain(
  { path, last }: Extract<Chain, { kind: 'broken' }>,
  presented: number,
  trusted: readonly X509Certificate[],
  question: CertificateQuestion,
): Reason {
  const issuer = subjectLine(last.issuer);
  if (isSelfSigned(last)) {
    const what = path.length === 1 ? 'the certificate is self-signed' : `the chain ends at ${issuer}`;
    return {
      code: path.length === 1 ? 'self-signed' : 'untrusted-root',
      message: `${what} and is not in the CA file`,
      fix: 'put that root into the CA file, or take a certificate from a CA that is there',
    };
  }
  if (last.ca && trusted.some((one) => one.fingerprint256 === last.fingerprint256))
    return intermediateReason(last, 'the CA file');
  if (path.length === 1 && presented === 1)
    return {
      code: 'leaf-only',
      message: `the file holds only the certificate itself, without the intermediate that issued it (${issuer})`,
      fix: wholeChain(question),
    };
  return {
    code: 'incomplete-chain',
    message: `the chain does not reach the CA file: it ends at ${subjectLine(last.subject)}, issued by ${issuer}, which is not there`,
    fix: 'present the full chain (fullchain.pem), and have the root certificate that it ends at in the CA file',
  };
}

function chainReasons(
  presented: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  question: CertificateQuestion,
): Reason[] {
  const { purposes, clocks } = question;
  const chain = findChain(presented, trusted);
  if (chain.kind === 'broken' && !trusted.some((one) => one.ca)) {
    const message = `the CA file holds no CA certificate, only one for ${trusted.map(describeCertificate).join(' and ')}`;
    return [
      { code: 'not-a-ca', message, fix: 'put the root certificate that the chain ends at into the CA file' },
    ];
  }
  if (chain.kind === 'broken') return [brokenChain(chain, presented.length, trusted, question)];
  return chain.path.slice(1).flatMap((authority) => {
    const whose = `the CA certificate ${subjectLine(authority.subject)}`;
    const fix = 'use the chain and root that the CA published for this certificate';
    const notCa = authority.ca
      ? []
      : [{ code: 'not-a-ca', message: `${whose} is not one: it may not issue`, fix }];
    return [...notCa, ...validity(authority, whose, clocks, fix), ...misfits(authority, whose, purposes)];
  });
}

function uncovered(certificate: X509Certificate, names: readonly string[]): Reason[] {
  const missing = names.filter(
    (name) => !certificate.checkHost(name, { subject: 'never', partialWildcards: false }),
  );
  if (missing.length === 0) return [];
  const has = dnsNames(certificate).join(', ') || 'none';
  const message = `the certificate is not for ${missing.join(', ')}; its DNS names: ${has}`;
  return [{ code: 'wrong-name', message, fix: 'issue it with that name, or set the name that it has' }];
}

// Daemons show what stands first, whatever follows.
function authorityFirst([first, ...rest]: readonly X509Certificate[]): Reason | undefined {
  const own = first?.ca && !isSelfSigned(first) ? rest.find((one) => !one.ca) : undefined;
  const after = own ?? (first?.ca ? rest.find((one) => !one.ca && one.issuer !== one.subject) : undefined);
  if (!first || !after) return undefined;
  return {
    code: 'authority-first',
    message: `the file begins with the CA certificate ${subjectLine(first.subject)}, and the one for ${describeCertificate(after)} stands behind it`,
    fix: 'put that one first and its issuers behind it, as in cat cert.pem chain.pem >fullchain.pem',
  };
}

/** Everything that speaks against using a certificate for a purpose; [] means that OpenSSL would accept it. */
export function checkCertificate(question: CertificateQuestion): readonly Reason[] {
  const { purposes, clocks, names, publicKey, authorities } = question;
  const presented = readCertificates(question.chain, 'the certificate file');
  if ('code' in presented) return [presented];
  const [leaf] = presented;
  if (!leaf) return [];
  const order = authorityFirst(presented);
  if (order) return [order];
  const reasons = [
    ...keyBeside(question.chain, 'the certificate file'),
    ...cutOff(question.chain, 'the certificate file'),
    ...trustedBlocks(question.chain, question.library ?? 'openssl'),
  ];
  if (publicKey !== undefined && !keyMatches(leaf, publicKey))
    reasons.push({
      code: 'key-mismatch',
      message: `the key is not the one of the certificate for ${describeCertificate(leaf)}`,
      fix: 'take certificate and key from the same issuance (the same directory under live/)',
    });
  reasons.push(...validity(leaf, 'the certificate', clocks, renew));
  reasons.push(...misfits(leaf, 'the certificate', purposes));
  const trusted = authorities === undefined ? undefined : readCertificates(authorities, 'the CA file');
  if (trusted && 'code' in trusted) reasons.push(trusted);
  else if (trusted) reasons.push(...chainReasons(presented, trusted, question));
  return [...reasons, ...uncovered(leaf, names)];
}
