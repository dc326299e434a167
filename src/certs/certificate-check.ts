import type { X509Certificate } from 'node:crypto';
import { describeCertificate, dnsNames, parseCertificates, subjectLine } from './certificate.ts';
import { type Chain, findChain, isSelfSigned } from './chain.ts';
import { keyMatches } from './key-match.ts';
import { extendedUsages, type Purpose, servesPurpose, usageName } from './purpose.ts';

/** What is to be judged, all of it public. */
export interface CertificateQuestion {
  /** The certificate and the intermediates presented with it, PEM. */
  readonly chain: string;
  /** Public half of the key that lies beside it, PEM; undefined: not compared. */
  readonly publicKey: string | undefined;
  /** The CA file of the other side, PEM; undefined: the chain is not followed. */
  readonly authorities: string | undefined;
  readonly purpose: Purpose;
  /** DNS names that the other side will look for; all must be covered. */
  readonly names: readonly string[];
  readonly now: Date;
}

/** Why a certificate cannot be used, and what to do. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

const day = 86_400_000;

function date(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function read(pem: string, what: string): readonly X509Certificate[] | Reason {
  const fix = 'give a PEM file with -----BEGIN CERTIFICATE----- blocks';
  try {
    const found = parseCertificates(pem);
    return found.length > 0
      ? found
      : { code: 'no-certificate', message: `${what} holds no certificate`, fix };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { code: 'no-certificate', message: `${what} holds a damaged certificate (${why})`, fix };
  }
}

function validity(certificate: X509Certificate, whose: string, now: Date): Reason[] {
  const { validFromDate: from, validToDate: to } = certificate;
  if (to <= now) {
    const days = Math.floor((now.getTime() - to.getTime()) / day);
    const message = `${whose} expired on ${date(to)} (${days} days ago)`;
    return [{ code: 'expired', message, fix: 'renew it (certbot renew), then run again' }];
  }
  if (from <= now) return [];
  const message = `${whose} is not valid before ${from.toISOString()}`;
  return [{ code: 'not-yet-valid', message, fix: `check the host's clock: it says ${now.toISOString()}` }];
}

function purposes(certificate: X509Certificate, whose: string, purpose: Purpose): Reason[] {
  if (servesPurpose(certificate, purpose)) return [];
  const message = `${whose} is for ${extendedUsages(certificate).join(', ')} only, but ${usageName(purpose)} is needed to act as TLS ${purpose}`;
  const fix =
    purpose === 'client'
      ? "public CAs such as Let's Encrypt no longer issue client certificates: take the client's certificate from the private CA"
      : 'take a certificate issued for servers, for example from certbot';
  return [{ code: 'wrong-purpose', message, fix }];
}

function brokenChain(chain: Extract<Chain, { kind: 'broken' }>, presented: number): Reason {
  const { path, last } = chain;
  const issuer = subjectLine(last.issuer);
  if (isSelfSigned(last)) {
    const what = path.length === 1 ? 'the certificate is self-signed' : `the chain ends at ${issuer}`;
    return {
      code: path.length === 1 ? 'self-signed' : 'untrusted-root',
      message: `${what} and is not in the CA file`,
      fix: 'put that root into the CA file, or take a certificate from a CA that is there',
    };
  }
  if (path.length === 1 && presented === 1)
    return {
      code: 'leaf-only',
      message: `the file holds only the certificate itself, without the intermediate that issued it (${issuer})`,
      fix: 'use fullchain.pem instead of cert.pem',
    };
  return {
    code: 'incomplete-chain',
    message: `the chain does not reach the CA file: it ends at ${subjectLine(last.subject)}, issued by ${issuer}, which is not there`,
    fix: 'present the full chain (fullchain.pem) and have the root certificate, not an intermediate, in the CA file',
  };
}

function chainReasons(
  presented: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  purpose: Purpose,
  now: Date,
): Reason[] {
  const chain = findChain(presented, trusted);
  if (chain.kind === 'broken' && !trusted.some((one) => one.ca)) {
    const message = `the CA file holds no CA certificate, only one for ${trusted.map(describeCertificate).join(' and ')}`;
    return [
      { code: 'not-a-ca', message, fix: 'put the root certificate that the chain ends at into the CA file' },
    ];
  }
  if (chain.kind === 'broken') return [brokenChain(chain, presented.length)];
  return chain.path.slice(1).flatMap((authority) => {
    const whose = `the CA certificate ${subjectLine(authority.subject)}`;
    const fix = 'use the chain and root that the CA published for this certificate';
    const notCa = authority.ca
      ? []
      : [{ code: 'not-a-ca', message: `${whose} is not one: it may not issue`, fix }];
    return [...notCa, ...validity(authority, whose, now), ...purposes(authority, whose, purpose)];
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

/** Everything that speaks against using a certificate for a purpose; [] means that OpenSSL would accept it. */
export function checkCertificate(question: CertificateQuestion): readonly Reason[] {
  const { purpose, now, names, publicKey, authorities } = question;
  const presented = read(question.chain, 'the certificate file');
  if ('code' in presented) return [presented];
  const [leaf] = presented;
  if (!leaf) return [];
  const reasons: Reason[] = [];
  if (publicKey !== undefined && !keyMatches(leaf, publicKey))
    reasons.push({
      code: 'key-mismatch',
      message: `the key is not the one of the certificate for ${describeCertificate(leaf)}`,
      fix: 'take certificate and key from the same issuance (the same directory under live/)',
    });
  reasons.push(...validity(leaf, 'the certificate', now), ...purposes(leaf, 'the certificate', purpose));
  const trusted = authorities === undefined ? undefined : read(authorities, 'the CA file');
  if (trusted && 'code' in trusted) reasons.push(trusted);
  else if (trusted) reasons.push(...chainReasons(presented, trusted, purpose, now));
  return [...reasons, ...uncovered(leaf, names)];
}
