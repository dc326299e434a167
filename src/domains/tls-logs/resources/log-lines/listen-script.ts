import { withoutRoots } from '../../../../shell/openssl.ts';
import { quote } from '../../../../shell/quote.ts';
import { openAgain } from './open-again.ts';
import { strayLines } from './stray-lines.ts';

/** A line that is waited for, as the resource log_line has it. */
interface Wanted {
  readonly file: string;
  readonly elsewhere?: string;
  readonly deployed?: string;
  readonly service: string;
  readonly timeout: number;
}

// What `logger` is given as the tag of these lines.
export const tag = 'provision-verify';

/*
 * A line is looked for in what the files gained since the listener began: they may be large, and may not be there yet.
 * Variables: f0, f1, ... are the files, from0 their sizes at the start and last0 when they were last looked at; t0, t1, ...
 * are the tokens that are waited for, c0, ... the certificates that are deployed, d0, ... their fingerprints once they are
 * known.
 */
const listening = `LC_ALL=C; export LC_ALL
provision_line='
'
sizes() {
  i=0 there=; set --
  while [ "$i" -lt "$files" ]; do
    eval "file=\\$f$i"
    [ ! -e "$file" ] || { set -- "$@" "$file"; there="$there $i"; }
    i=$((i + 1))
  done
  [ $# = 0 ] || set -- $(stat -L -c %s -- "$@" 2>/dev/null)
  for i in $there; do eval "now$i=\${1:-0}"; [ $# = 0 ] || shift; done
}
search() {
  sizes
  set -- ; most=0
  for i in $there; do
    eval "now=\\$now$i last=\\$last$i from=\\$from$i file=\\$f$i"
    [ "$now" != "$last" ] || continue
    eval "last$i=$now"
    [ "$now" -ge "$from" ] || { eval "from$i=0"; from=0; }
    set -- "$@" "$file"
    [ $((now - from)) -le "$most" ] || most=$((now - from))
  done
  [ $# = 0 ] || arrived "$(tail -q -c "$most" -- "$@" 2>/dev/null | grep -a -F -e "$tokens")"
}
arrived() {
  rest=
  for i in $waiting; do
    eval "token=\\$t$i"
    case $1 in
    *"$token"*) before=\${1%%"$token"*}; found "$i" "\${before##*"$provision_line"}" ;;
    *) rest="$rest $i" ;;
    esac
  done
  waiting=$rest
}
found() {
  host=\${2%${tag}*}
  [ "$host" != "$2" ] || host=
  while :; do case $host in *[[:space:]]) host=\${host%?} ;; *) break ;; esac; done
  case $host in *[[:space:]]*) host=\${host##*[[:space:]]} ;; *) host= ;; esac
  eval "k=\\$k$1"; eval "print=\\$d$k"
  printf 'arrived %s %s %s%s\\n' "$token" "$print" "$host" "\${reopened:+ $reopened}"
}
fingerprint() {
  eval "print=\\$d$1 certificate=\\$c$1"
  [ -n "$print" ] || [ -z "$certificate" ] || print=$(${withoutRoots} openssl x509 -in "$certificate" -noout -fingerprint -sha256 2>/dev/null)
  print=\${print##*=}
  eval "d$1=\\$print"
}`;

// Bytes of a file that are searched for a line that was sent before, and seconds that it is still waited for.
const searchBack = 4_194_304;
const shortWait = 2;

/** Prints `ready`, then `arrived TOKEN FINGERPRINT SENDER` for each token that comes; the contract is that of an exchange. */
export function listenScript(wants: readonly Wanted[], tokens: readonly string[], ahead: boolean): string {
  const wait = ahead ? shortWait : Math.max(...wants.map((want) => want.timeout)) + 5;
  // `last` stays 0 for what shall be searched at once.
  const begin = ahead
    ? `[ "$now" -gt ${searchBack} ] || now=${searchBack}; eval "from$i=$((now - ${searchBack}))"`
    : 'eval "from$i=$now last$i=$now"';
  const files = [...new Set(wants.map(({ file }) => file))];
  const certificates = [...new Set(wants.map(({ deployed = '' }) => deployed))];
  const service = wants[0]?.service ?? '';
  const elsewhere = [...new Set(ahead ? [] : wants.flatMap((want) => want.elsewhere ?? []))];
  return `${listening}
${strayLines(elsewhere, files)}
${openAgain}
service=${quote(service)} reopened=
files=${files.length} tokens=${quote(tokens.join('\n'))}
waiting=${quote(wants.map((_, index) => index).join(' '))}
${files.map((file, n) => `f${n}=${quote(file)} from${n}=0 last${n}=0 now${n}=0`).join('\n')}
${certificates.map((one, n) => `c${n}=${quote(one)} d${n}=`).join('\n')}
${wants.map(({ deployed = '' }, n) => `t${n}=${quote(tokens[n] ?? '')} k${n}=${certificates.indexOf(deployed)}`).join('\n')}
sizes
for i in $there; do
  eval "now=\\$now$i"
  ${begin}
done
${ahead ? ':' : 'reopen'}
searches=0 end=
echo ready
for i in $waiting; do eval "k=\\$k$i"; fingerprint "$k"; done
while :; do
  search
  [ -n "$waiting" ] || break
  # Most lines come at once; for those that do not, two processes a search are not worth their haste.
  if [ "$searches" -lt 25 ]; then sleep 0.02; else sleep 0.1; fi
  searches=$((searches + 1))
  [ "$searches" -ge 25 ] && [ $((searches % 5)) = 0 ] || continue
  : "\${end:=$(($(date +%s) + ${wait}))}"
  # A line that does not come soon may have come under another name.
  [ "$searches" != 45 ] || strayed
  [ -n "$waiting" ] && [ "$(date +%s)" -lt "$end" ] || break
done
if [ -n "$waiting" ]; then strayed; else keep; fi`;
}
