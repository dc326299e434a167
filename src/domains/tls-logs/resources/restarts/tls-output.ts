import { quote } from '../../../../shell/quote.ts';

/** sh code that prints from $tls, as lines of an answer: version, cipher, verified, served (fingerprint), or the trouble of connecting. */
export const printTls = `printf '%s\\n' "$tls" | sed -n 's/^New, \\(TLS[^,]*\\), Cipher is \\(.*\\)$/version \\1\\ncipher \\2/p; s/^ *Verify return code: /verified /p' | sed '4,$d'
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
