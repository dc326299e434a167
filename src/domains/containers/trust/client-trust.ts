import {
  describeCertificate,
  parseCertificates,
  subjectLine,
} from '../../tls-logs/certificates/certificate.ts';
import { checkCertificate } from '../../tls-logs/certificates/certificate-verdict.ts';
import { findChain } from '../../tls-logs/certificates/chain.ts';
import type { Reason } from '../../tls-logs/certificates/reason.ts';
import type { Clocks } from '../../tls-logs/certificates/validity.ts';
import { strayVariables } from './client-variables.ts';

/** A file of root certificates that the client is given. */
interface GivenFile {
  readonly path: string;
  /** Undefined when the container does not have it. */
  readonly text: string | undefined;
}

/** All that decides whether a client in a container believes a server. */
export interface ClientTrust {
  /** HOST:PORT of the route. */
  readonly server: string;
  /** The name in the route, which the certificate must be for. */
  readonly name: string;
  /** What the server presents, PEM; empty when there was nothing. */
  readonly chain: string;
  /** Why there is no chain; empty when there is one. */
  readonly trouble: string;
  readonly given: readonly GivenFile[];
  /** Roots in the image itself, and whether the chain leads to one; undefined when the client does not read them. */
  readonly image: { readonly count: number; readonly trusts: boolean } | undefined;
  /** Names of the container's variables. */
  readonly variables: readonly string[];
  readonly clocks: Clocks;
}

/** Every reason why the client refuses the server; [] when it will believe it. */
export function clientTrust(trust: ClientTrust): readonly Reason[] {
  const reasons: Reason[] = [...strays(trust.variables), ...givenFaults(trust.given)];
  if (trust.chain === '') return [...reasons, unserved(trust)];
  const { name, chain, clocks } = trust;
  const judged = checkCertificate({
    chain,
    publicKey: undefined,
    authorities: undefined,
    purposes: ['server'],
    names: /^[\d.]+$|:/.test(name) ? [] : [name],
    clocks,
  });
  return [...reasons, ...addressFault(trust), ...chainFaults(trust), ...judged];
}

function strays(names: readonly string[]): readonly Reason[] {
  return strayVariables(names).map(({ name, meant }) => ({
    code: 'wrong-variable',
    message: `nobody reads the variable ${name} of the container`,
    fix: `write ${meant}`,
  }));
}

function givenFaults(given: readonly GivenFile[]): readonly Reason[] {
  return given.flatMap(({ path, text }) => {
    if (text === undefined) {
      const fix = 'mount the file there; LOGSPOUT_TLS_CA_CERTS names paths inside the container';
      return [{ code: 'wrong-ca-file', message: `the container has no CA file ${path}`, fix }];
    }
    return certificatesOf(text).length > 0
      ? []
      : [{ code: 'wrong-ca-file', message: `${path} holds no certificate`, fix: 'put the root there, PEM' }];
  });
}

function certificatesOf(text: string) {
  try {
    return parseCertificates(text);
  } catch {
    return [];
  }
}

function unserved({ server, trouble }: ClientTrust): Reason {
  if (/refused|timed? ?out|unreachable|No route/i.test(trouble)) {
    return {
      code: 'unreachable',
      message: `nothing answers at ${server}: ${trouble}`,
      fix: 'start the server first, and open the port in firewalls',
    };
  }
  return {
    code: 'plain-server',
    message: `${server} speaks no TLS${trouble === '' ? '' : `: ${trouble}`}`,
    fix: 'let its input speak TLS first (role logstash_tls), or name the port of its TLS input',
  };
}

function addressFault({ name, server }: ClientTrust): readonly Reason[] {
  if (!/^[\d.]+$|:/.test(name)) return [];
  const message = `the route names the address ${server}, and public certificates are for names`;
  return [{ code: 'address-for-name', message, fix: 'write the name of the certificate into the route' }];
}

// As Go does it: any certificate that the client was given ends a chain, not only a root.
function chainFaults({ chain, given, image }: ClientTrust): readonly Reason[] {
  if (image?.trusts) return [];
  const presented = certificatesOf(chain);
  const trusted = given.flatMap(({ text }) => certificatesOf(text ?? ''));
  const found = presented.length === 0 ? undefined : findChain(presented, trusted);
  if (!found || found.kind === 'trusted') return [];
  if (found.path.some((one) => trusted.some((other) => other.fingerprint256 === one.fingerprint256)))
    return [];
  const { last } = found;
  if (presented.length === 1 && last.issuer !== last.subject) {
    return [
      {
        code: 'leaf-only',
        message: `the server presents its certificate alone, without the intermediate that issued it (${subjectLine(last.issuer)})`,
        fix: 'let Logstash read fullchain.pem (ssl_certificate), not cert.pem, and restart it',
      },
    ];
  }
  const has = [
    image === undefined
      ? "the image's roots are switched off"
      : `${image.count > 0 ? `none of the ${image.count} roots` : 'no root at all'} in the image`,
    ...given.map(
      ({ path, text }) =>
        `${path}: ${
          certificatesOf(text ?? '')
            .map(describeCertificate)
            .join(', ') || 'nothing'
        }`,
    ),
  ].join('; ');
  return [
    {
      code: 'unknown-root',
      message: `the container does not trust ${subjectLine(last.issuer)}, where the chain ends (${has})`,
      fix: 'mount that root certificate and name it in LOGSPOUT_TLS_CA_CERTS',
    },
  ];
}
