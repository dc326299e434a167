import { quote } from '../../../../shell/quote.ts';

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

/** sh code that connects and sets $tls to all that openssl tells; waits 5 seconds at most. */
export function connectScript(target: TlsTarget): string {
  const { host, port, name, ca, certificate, key } = target;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const words = ['-connect', address, ...(name ? ['-servername', name] : ['-noservername'])];
  if (ca) words.push('-CAfile', ca, '-no-CApath', '-no-CAstore', ...(name ? ['-verify_hostname', name] : []));
  if (certificate && key) words.push('-cert', certificate, '-key', key, '-cert_chain', certificate);
  return `tls=$(timeout 5 openssl s_client ${words.map(quote).join(' ')} 2>&1 </dev/null)`;
}

/** sh code that prints from $tls, as lines of an answer: version, cipher, verified, served (fingerprint), or the trouble of connecting. */
export const tellTls = `printf '%s\\n' "$tls" | sed -n 's/^New, \\(TLS[^,]*\\), Cipher is \\(.*\\)$/version \\1\\ncipher \\2/p; s/^ *Verify return code: /verified /p' | sed '4,$d'
printf 'served %s\\n' "$(printf '%s\\n' "$tls" | openssl x509 -noout -fingerprint -sha256 2>/dev/null | sed 's/^.*=//')"
case $tls in *CONNECTED*) ;; *)
  trouble=$(printf '%s\\n' "$tls" | sed -n 's/^.*connect:\\([^:]*\\):.*/\\1/p' | head -n 1)
  [ -n "$trouble" ] || trouble=$(printf '%s\\n' "$tls" | head -n 1)
  printf 'trouble %s\\n' "\${trouble:-no answer}" ;;
esac`;

/** sh code that prints the SHA-256 fingerprint (`AA:BB:..`) of the first certificate in a file; nothing when there is none. */
export function fileFingerprint(path: string): string {
  return `openssl x509 -in ${quote(path)} -noout -fingerprint -sha256 2>/dev/null | sed 's/^.*=//'`;
}
