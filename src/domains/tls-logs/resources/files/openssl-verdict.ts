import type { Answer } from '../../../../probes/answer.ts';
import { withoutRoots } from '../../../../shell/openssl.ts';
import { quote } from '../../../../shell/quote.ts';
import { certificateBlocks } from '../../certificates/certificate.ts';
import type { Purpose } from '../../certificates/purpose.ts';
import type { Reason } from '../../certificates/reason.ts';

/** What is shown to OpenSSL, on the host. */
export interface Shown {
  readonly certificate: string;
  readonly key: string | undefined;
  readonly purposes: readonly Purpose[];
  /** What the other side trusts: PEM that is known here, or a file of the host. */
  readonly roots: string | undefined;
  readonly rootsFile: string | undefined;
}

// A whole bundle of public roots would make each question longer than all others together.
const mostRoots = 20;

/*
 * s_client takes certificate and key as a daemon does, at the security level of the host's own OpenSSL, before it connects, and
 * there is nobody to connect to. A root that is alone among those of the other side is taken along: it must be good enough too.
 */
function levelScript(certificate: string, key: string, roots: readonly string[]): string {
  const root = roots.length === 1 ? `printf '%s\\n' ${quote(roots[0] ?? '')}` : ':';
  const words = `-cert ${quote(certificate)} -cert_chain /dev/stdin -key ${quote(key)} -pass pass:`;
  return `provision_said=$({ cat -- ${quote(certificate)}; echo; ${root}; } | ${withoutRoots} openssl s_client ${words} -unix /nonexistent 2>&1)
case $provision_said in
*'SSL routines'*)
  provision_said=$(printf '%s\\n' "$provision_said" | sed -n 's/^.*error:[0-9A-Fa-f]*:SSL routines:[^:]*:\\([^:]*\\):.*/\\1/p')
  [ -z "$provision_said" ] || printf 'level %s\\n' "\${provision_said%%
*}" ;;
esac`;
}

function chainScript(certificate: string, purpose: Purpose, print: string): string {
  const file = quote(certificate);
  const words = `-purpose ssl${purpose} -no-CApath -no-CAstore -CAfile /dev/stdin -untrusted ${file} ${file}`;
  return `provision_said=$(${print} | openssl verify ${words} 2>&1) ||
  printf 'chain %s\\n' "$(printf '%s\\n' "$provision_said" | sed -n 's/^error \\([0-9]*\\) at \\([0-9]*\\) depth lookup: */\\1 \\2 /p' | sed 1q)"`;
}

/** sh code that prints what the host's own OpenSSL has against a certificate; nothing where there is none of either. */
export function askOpenssl({ certificate, key, purposes, roots, rootsFile }: Shown): string {
  const known = certificateBlocks(roots ?? '');
  const trusted = known.length > mostRoots ? [] : known;
  const pem = trusted.length === 0 ? undefined : `printf '%s\\n' ${quote(trusted.join('\n'))}`;
  const print = rootsFile === undefined ? pem : `cat -- ${quote(rootsFile)}`;
  const asked = [
    ...(key === undefined ? [] : [levelScript(certificate, key, trusted)]),
    ...(print === undefined ? [] : purposes.map((purpose) => chainScript(certificate, purpose, print))),
  ];
  if (asked.length === 0) return ':';
  const readable = [certificate, ...(key === undefined ? [] : [key])].map(
    (file) => `[ -f ${quote(file)} ] && [ -r ${quote(file)} ] && [ -s ${quote(file)} ]`,
  );
  return `if ${readable.join(' && ')} && command -v openssl >/dev/null; then
${asked.join('\n')}
fi`;
}

/** What OpenSSL said, as reasons; [] when it had nothing to say. */
export function opensslReasons(answer: Answer, describeKey: string): readonly Reason[] {
  const level = answer.get('level');
  if (level !== undefined) return levelReason(level, describeKey);
  const [, code, text] = /^(\d+) \d+ (.+)$/.exec(answer.get('chain') ?? '') ?? [];
  if (code === undefined || text === undefined) return [];
  if (code === '19')
    return [
      {
        code: 'self-signed-in-chain',
        message:
          "the file holds a self-signed CA certificate that is not in the CA file, beside a cross-signed one of the same CA: the host's OpenSSL takes the self-signed one, and refuses it",
        fix: 'leave the self-signed one out of the file: a chain needs no root',
      },
    ];
  return [
    {
      code: 'openssl-refuses',
      message: `the host's OpenSSL does not accept it: ${text}`,
      fix: 'use certificate, chain and root as the CA published them for this certificate',
    },
  ];
}

// Other troubles (a damaged file, another key) have reasons with better words.
function levelReason(said: string, describeKey: string): readonly Reason[] {
  const level = "the security level of the host's OpenSSL";
  const of = (what: string, why: string, fix: string) => [
    { code: 'too-weak', message: `${what} ${why} for ${level} (${said})`, fix },
  ];
  const newChain = 'take a certificate, chain and root of RSA 2048 or more, or of ECDSA';
  switch (said) {
    case 'ee key too small':
      return of(
        `the certificate's key${describeKey}`,
        'is too small',
        'get a certificate with a new key: ECDSA, or RSA of 2048 bits or more (certbot: --key-type ecdsa)',
      );
    case 'ca key too small':
      return of('the key of a CA certificate in its chain', 'is too small', newChain);
    case 'ee md too weak':
    case 'ca md too weak':
    case 'md too weak':
      return of('the signature of a certificate in the chain', 'is too weak', newChain);
    default:
      return [];
  }
}
