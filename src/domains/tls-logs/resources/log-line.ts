import { type Static, Type } from 'typebox';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { Arrival, ControlOutcome, ExchangeResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { connectScript, printTls, readTls } from '../probes/tls-port.ts';
import { importantLines } from './restarts/journal.ts';

const schema = Type.Object(
  {
    listener: Type.String({ minLength: 1, description: 'inventory name of the log server' }),
    sender: Type.String({ minLength: 1, description: 'what messages call the sending host' }),
    name: Type.String({ minLength: 1, description: 'host name under which the line must arrive' }),
    file: hostPath('file on the log server in which the line must arrive'),
    target: Type.String({ minLength: 1, description: 'address of the log server, as its client has it' }),
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'its port' }),
    server_name: Type.String({ minLength: 1, description: "name in the server's certificate" }),
    ca: hostPath("the client's CA file"),
    certificate: Type.Optional(hostPath("the client's certificate; without it none is shown")),
    key: Type.Optional(hostPath('its key')),
    deployed: hostPath('the certificate on the log server that must be served'),
    service: Type.String({
      minLength: 1,
      default: 'rsyslog',
      description: 'unit of both sides, for its journal',
    }),
    timeout: Type.Integer({
      minimum: 1,
      maximum: 600,
      default: 15,
      description: 'seconds until a line counts as lost',
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

const tag = 'provision-verify';

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
  printf 'arrived %s %s %s\\n' "$token" "$print" "$host"
}
fingerprint() {
  eval "print=\\$d$1 certificate=\\$c$1"
  [ -n "$print" ] || print=$(openssl x509 -in "$certificate" -noout -fingerprint -sha256 2>/dev/null)
  print=\${print##*=}
  eval "d$1=\\$print"
}`;

// Bytes of a file that are searched for a line that was sent before, and seconds that it is still waited for.
const searchBack = 4_194_304;
const shortWait = 2;

function listenScript(wants: readonly Args[], tokens: readonly string[], ahead: boolean): string {
  const wait = ahead ? shortWait : Math.max(...wants.map((want) => want.timeout)) + 5;
  // `last` stays 0 for what shall be searched at once.
  const begin = ahead
    ? `[ "$now" -gt ${searchBack} ] || now=${searchBack}; eval "from$i=$((now - ${searchBack}))"`
    : 'eval "from$i=$now last$i=$now"';
  const files = [...new Set(wants.map(({ file }) => file))];
  const certificates = [...new Set(wants.map(({ deployed }) => deployed))];
  return `${listening}
files=${files.length} tokens=${quote(tokens.join('\n'))}
waiting=${quote(wants.map((_, index) => index).join(' '))}
${files.map((file, n) => `f${n}=${quote(file)} from${n}=0 last${n}=0 now${n}=0`).join('\n')}
${certificates.map((one, n) => `c${n}=${quote(one)} d${n}=`).join('\n')}
${wants.map(({ deployed }, n) => `t${n}=${quote(tokens[n] ?? '')} k${n}=${certificates.indexOf(deployed)}`).join('\n')}
sizes
for i in $there; do
  eval "now=\\$now$i"
  ${begin}
done
searches=0 end=
echo ready
for i in $waiting; do eval "k=\\$k$i"; fingerprint "$k"; done
while :; do
  search
  [ -n "$waiting" ] || break
  sleep 0.02
  searches=$((searches + 1))
  [ $((searches % 25)) = 0 ] || continue
  : "\${end:=$(($(date +%s) + ${wait}))}"
  [ "$(date +%s)" -lt "$end" ] || break
done`;
}

// journald wakes its readers a quarter to half a second after a line, by changing the time of its file. So does this, at once;
// without the right to do it, or without a journal, the line only takes that long.
const wakeJournalReaders =
  'touch -c /var/log/journal/*/system.journal /run/log/journal/*/system.journal 2>/dev/null';

// A client notices that its server was restarted only when it writes: the first line then vanishes with the old
// connection (state 08, CLOSE_WAIT). This one may; the token, and whatever else the host has to say, may not.
function wakeScript(port: number): string {
  const stale = `grep -qs ':${port.toString(16).toUpperCase().padStart(4, '0')} 08 ' /proc/net/tcp /proc/net/tcp6`;
  return `if ${stale}; then
  logger -t ${tag} -- 'the log server was restarted; this line may be lost' || exit 1
  n=0
  while ${stale} && [ "$n" -lt 30 ]; do ${wakeJournalReaders}; sleep 0.1; n=$((n + 1)); done
fi`;
}

function sendScript(want: Args, token: string, ahead: boolean): string {
  const { target: host, port, server_name: name, ca, certificate, key } = want;
  const own = certificate && key ? { certificate, key } : {};
  // Ahead, a line that a restarted server never saw is followed by a fresh one: reading /proc/net/tcp is dear.
  return `${ahead ? `[ -e ${quote(ca)} ] || exit 1` : wakeScript(port)}
logger -t ${tag} -- ${quote(token)} || exit 1
${connectScript({ host, port, name, ca, ...own })}
${wakeJournalReaders}
${printTls}
true`;
}

function judge(want: Args, sent: ScriptOutput, arrival: Arrival | undefined): ControlOutcome {
  const route = `${want.sender} -> ${want.listener}:`;
  const failed = (message: string): ControlOutcome => ({ status: 'failed', message: `${route} ${message}` });
  if (sent.code !== 0)
    return failed(`no line could be sent: ${sent.stderr.trim() || `exit code ${sent.code}`}`);
  const { version, cipher, verified, served, trouble: unreached } = readTls(sent.stdout);
  if (!arrival) {
    const trouble = unreached || (verified.startsWith('0 ') ? '' : verified);
    const doubt = trouble && `; TLS from there to ${want.target}:${want.port}: ${trouble}`;
    return failed(`the line did not arrive within ${want.timeout} s in ${want.file}${doubt}`);
  }
  const milliseconds = Math.round(arrival.milliseconds);
  const word = arrival.atMost ? 'within' : 'in';
  const [deployed = '', host = ''] = arrival.detail.split(' ');
  if (host !== want.name)
    return failed(
      `the line arrived under the name '${host}' instead of '${want.name}'; check the client's host name and preserveFQDN`,
    );
  if (version === '' || served === '')
    return failed(`the line arrived, but ${want.target}:${want.port} does not speak TLS`);
  if (!verified.startsWith('0 '))
    return failed(`the line arrived, but the served certificate is not trusted: ${verified}`);
  if (served !== deployed)
    return failed(
      `the line arrived, but the served certificate ${served} is not the deployed one ${deployed}`,
    );
  return {
    status: 'ok',
    message: `${route} arrived ${word} ${milliseconds} ms, ${version}, ${cipher}, served certificate = deployed certificate`,
    result: { milliseconds, version, cipher, fingerprint: served },
  };
}

/** Proves the whole way of a log line: a fresh token through `logger` must be in the server's file, under its sender's name. */
export const logLine: ExchangeResource<Args> = {
  kind: 'exchange',
  name: 'log_line',
  summary: "Sends a fresh line from every host through its own logger and finds it in the log server's file",
  schema,
  listener: ({ listener }) => listener,
  listenScript,
  sendScript,
  judge,
  // Older lines are about others; a client says why it cannot connect when it is restarted, shortly before.
  diagnoseScript: ({ service, timeout }, side) =>
    importantLines(service, timeout + (side === 'sender' ? 60 : 10), 6),
};
