import { type Static, Type } from 'typebox';
import { hostPath } from '../../../resources/argument.ts';
import type { Arrival, ControlOutcome, ExchangeResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { tellingLines } from './restarts/journal.ts';
import { connectScript, fileFingerprint, tellTls } from './restarts/tls-look.ts';

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

// A line is looked for in what the file gained since the listener began: files may be large, and may not be there yet.
function watch(want: Args, token: string, index: number): string {
  const file = quote(want.file);
  return `watch_${index}() {
  line=$(tail -c "+$((from_${index} + 1))" -- ${file} 2>/dev/null | grep -F -m 1 -e ${quote(token)}) || return 1
  host=$(printf '%s\\n' "$line" | sed -n 's/^.*[[:space:]]\\([^[:space:]]\\{1,\\}\\)[[:space:]]\\{1,\\}${tag}.*$/\\1/p')
  printf 'arrived %s %s %s\\n' ${quote(token)} "$(${fileFingerprint(want.deployed)})" "$host"
}
from_${index}=$(wc -c 2>/dev/null <${file}) || from_${index}=0`;
}

function listenScript(wants: readonly Args[], tokens: readonly string[]): string {
  const timeout = Math.max(...wants.map((want) => want.timeout));
  const waiting = wants.map((_, index) => index).join(' ');
  return `${wants.map((want, index) => watch(want, tokens[index] ?? '', index)).join('\n')}
waiting=${quote(waiting)}
end=$(($(date +%s) + ${timeout + 5}))
echo ready
while [ -n "$waiting" ] && [ "$(date +%s)" -lt "$end" ]; do
  rest=
  for i in $waiting; do "watch_$i" || rest="$rest $i"; done
  waiting=$rest
  [ -z "$waiting" ] || sleep 0.05
done`;
}

// A client notices that its server was restarted only when it writes: the first line then vanishes with the old
// connection (state 08, CLOSE_WAIT). This one may; the token, and whatever else the host has to say, may not.
function wakeScript(port: number): string {
  const stale = `grep -qs ':${port.toString(16).toUpperCase().padStart(4, '0')} 08 ' /proc/net/tcp /proc/net/tcp6`;
  return `if ${stale}; then
  logger -t ${tag} -- 'the log server was restarted; this line may be lost' || exit 1
  n=0
  while ${stale} && [ "$n" -lt 30 ]; do sleep 0.1; n=$((n + 1)); done
fi`;
}

function sendScript(want: Args, token: string): string {
  const { target: host, port, server_name: name, ca, certificate, key } = want;
  const own = certificate && key ? { certificate, key } : {};
  return `${wakeScript(port)}
logger -t ${tag} -- ${quote(token)} || exit 1
${connectScript({ host, port, name, ca, ...own })}
${tellTls}
true`;
}

function said(sent: ScriptOutput, key: string): string {
  const line = sent.stdout.split('\n').find((one) => one.startsWith(`${key} `));
  return line?.slice(key.length + 1).trim() ?? '';
}

function judge(want: Args, sent: ScriptOutput, arrival: Arrival | undefined): ControlOutcome {
  const route = `${want.sender} -> ${want.listener}:`;
  const failed = (message: string): ControlOutcome => ({ status: 'failed', message: `${route} ${message}` });
  if (sent.code !== 0)
    return failed(`no line could be sent: ${sent.stderr.trim() || `exit code ${sent.code}`}`);
  const verified = said(sent, 'verified');
  if (!arrival) {
    const trouble = said(sent, 'trouble') || (verified.startsWith('0 ') ? '' : verified);
    const doubt = trouble && `; TLS from there to ${want.target}:${want.port}: ${trouble}`;
    return failed(`the line did not arrive within ${want.timeout} s in ${want.file}${doubt}`);
  }
  const milliseconds = Math.round(arrival.milliseconds);
  const [deployed = '', host = ''] = arrival.detail.split(' ');
  if (host !== want.name)
    return failed(
      `the line arrived under the name '${host}' instead of '${want.name}'; check the client's host name and preserveFQDN`,
    );
  const [version, cipher, served] = ['version', 'cipher', 'served'].map((key) => said(sent, key));
  if (!version || !served)
    return failed(`the line arrived, but ${want.target}:${want.port} does not speak TLS`);
  if (!verified.startsWith('0 '))
    return failed(`the line arrived, but the served certificate is not trusted: ${verified}`);
  if (served !== deployed)
    return failed(
      `the line arrived, but the served certificate ${served} is not the deployed one ${deployed}`,
    );
  return {
    status: 'ok',
    message: `${route} arrived in ${milliseconds} ms, ${version}, ${cipher}, served certificate = deployed certificate`,
    result: { milliseconds, version, cipher: cipher ?? '', fingerprint: served },
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
  // Older lines are about others; a client tells why it cannot connect when it is restarted, shortly before.
  diagnoseScript: ({ service, timeout }, side) =>
    tellingLines(service, timeout + (side === 'sender' ? 60 : 10), 6),
};
