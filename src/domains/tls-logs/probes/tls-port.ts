import { X509Certificate } from 'node:crypto';
import { withoutRoots } from '../../../shell/openssl.ts';
import { quote } from '../../../shell/quote.ts';

/** A TLS port and how to speak to it. */
export interface TlsTarget {
  readonly host: string;
  readonly port: number;
  /** Name asked for, and checked when a CA file is given. */
  readonly name?: string;
  readonly ca?: string;
  /** Shown to a server that asks for one. */
  readonly certificate?: string;
  readonly key?: string;
}

/**
 * sh code that connects and sets $tls to all that openssl prints; waits 5 seconds at most. Debian's ossl driver can close a
 * connection that begins while another ends: a handshake that was cut off is tried once more, one that nobody answered is not.
 */
export function connectScript(target: TlsTarget): string {
  const { host, port, name, ca, certificate, key } = target;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const words = ['-connect', address, ...(name ? ['-servername', name] : ['-noservername'])];
  if (ca) words.push('-CAfile', ca, '-no-CApath', '-no-CAstore', ...(name ? ['-verify_hostname', name] : []));
  if (certificate && key) words.push('-cert', certificate, '-key', key, '-cert_chain', certificate);
  return `for provision_try in 1 2; do
  tls=$(${withoutRoots} timeout 5 openssl s_client ${words.map(quote).join(' ')} 2>&1 </dev/null)
  case $?:$tls in
  124:* | *'
New, TLS'*) break ;;
  *CONNECTED*) ;;
  *) break ;;
  esac
done`;
}

/**
 * sh code that prints of $tls what TlsSeen reads: what was agreed, and the certificate; no secret of the session. Line by line,
 * because dash takes time with the square of a text for all that stands before a pattern in it: 7 ms instead of 3.
 */
export const printTls = `provision_tls() {
  provision_new= provision_verified= provision_certificate=
  for provision_line; do
    case $provision_certificate:$provision_line in
    inside:*) printf '%s\\n' "$provision_line"
      [ "$provision_line" != '-----END CERTIFICATE-----' ] || provision_certificate=printed ;;
    :'-----BEGIN CERTIFICATE-----') printf '%s\\n' "$provision_line"; provision_certificate=inside ;;
    *:'New, TLS'*) [ -n "$provision_new" ] || printf 'new %s\\n' "\${provision_line#New, }"; provision_new=yes ;;
    *:*'Verify return code: '*)
      [ -n "$provision_verified" ] || printf 'verified %s\\n' "\${provision_line#*Verify return code: }"; provision_verified=yes ;;
    esac
  done
}
case $tls in
*CONNECTED*) echo connected ;;
*) printf 'trouble\\n%s\\n' "$tls" ;;
esac
provision_ifs=$IFS IFS='
'
set -f
provision_tls $tls
set +f
IFS=$provision_ifs`;

/** What a port was seen to speak. */
export interface TlsSeen {
  /** Something accepts connections, be it TLS or not. */
  readonly open: boolean;
  readonly version: string;
  readonly cipher: string;
  /** `0 (ok)`, or a code and why the certificate is not trusted; without a CA file none is. */
  readonly verified: string;
  /** PEM of the certificate that was served; empty when there was none. */
  readonly chain: string;
  /** Its SHA-256, `AA:BB:..`. */
  readonly served: string;
  /** Why there is no connection; empty when there is one. */
  readonly trouble: string;
}

/** Reads what `printTls` printed. */
export function readTls(text: string): TlsSeen {
  const line = (word: string) => new RegExp(`^${word} (.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const [, version = '', cipher = ''] = /^(TLS[^,]*), Cipher is (.*)$/.exec(line('new')) ?? [];
  const chain = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/s.exec(text)?.[0] ?? '';
  const [, said] = /^trouble\n(.*)/ms.exec(text) ?? [];
  return {
    open: /^connected$/m.test(text),
    version,
    cipher,
    verified: line('verified'),
    chain: chain === '' ? '' : `${chain}\n`,
    served: fingerprintOf(chain),
    trouble: said === undefined ? '' : troubleIn(said),
  };
}

function troubleIn(said: string): string {
  const [first = ''] = said.trim().split('\n');
  return (/connect:([^:\n]*):/.exec(said)?.[1] ?? first) || 'no answer';
}

function fingerprintOf(chain: string): string {
  if (chain === '') return '';
  try {
    return new X509Certificate(chain).fingerprint256;
  } catch {
    return '';
  }
}
