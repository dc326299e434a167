import type { Static } from 'typebox';
import type { Arrival, ControlOutcome, ExchangeResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { connectScript, printTls, readTls } from '../probes/tls-port.ts';
import { proofPriority } from '../rsyslog-configuration/selector.ts';
import { listenScript, tag } from './log-lines/listen-script.ts';
import { logLineSchema, waitedFor } from './log-lines/log-line-schema.ts';
import { reopenedFiles } from './log-lines/open-again.ts';
import { importantLines } from './restarts/journal.ts';

type Args = Static<typeof logLineSchema>;

// What logger sends by itself.
const loggersOwn = 'user.notice';

// journald wakes its readers a quarter to half a second after a line, by changing the time of its file. So does this, at once;
// without the right to do it, or without a journal, the line only takes that long.
const wakeJournalReaders =
  'touch -c /var/log/journal/*/system.journal /run/log/journal/*/system.journal 2>/dev/null';

// A client notices that its server was restarted only when it writes: the first line then vanishes with the old
// connection (state 08, CLOSE_WAIT). This one may; the token, and whatever else the host has to say, may not.
function wakeScript(port: number, logger: string): string {
  const stale = `grep -qs ':${port.toString(16).toUpperCase().padStart(4, '0')} 08 ' /proc/net/tcp /proc/net/tcp6`;
  return `if ${stale}; then
  ${logger} -- 'the log server was restarted; this line may be lost' || exit 1
  n=0
  while ${stale} && [ "$n" -lt 30 ]; do ${wakeJournalReaders}; sleep 0.1; n=$((n + 1)); done
fi`;
}

function sendScript(want: Args, token: string, ahead: boolean): string {
  const { target: host, port, server_name: name, ca, certificate, key } = want;
  const own = certificate && key ? { certificate, key } : {};
  const chosen = proofPriority(want.selector);
  if ('fault' in chosen)
    return `echo ${quote(`the selector ${want.selector} lets none through: ${chosen.fault}`)} >&2; exit 1`;
  const { priority } = chosen;
  const logger = `logger ${priority === loggersOwn ? '' : `-p ${priority} `}-t ${tag}`;
  // Ahead, a line that a restarted server never saw is followed by a fresh one: reading /proc/net/tcp is dear.
  return `${ahead ? `[ -e ${quote(ca)} ] || exit 1` : wakeScript(port, logger)}
${logger} -- ${quote(token)} || exit 1
${connectScript({ host, port, ...(name !== undefined && { name }), ca, ...own })}
${wakeJournalReaders}
${printTls}
true`;
}

function lostFile({ file, listener, service }: Args): string {
  return `; ${service} on ${listener} no longer wrote to ${file} and was made to open it again: lines of the time before may be missing there`;
}

function routeOf({ sender, listener }: Args): string {
  return `${sender} -> ${listener}:`;
}

/** The log server that a message of log_line is about; undefined when it is about none. */
export function routeServer(message: string): string | undefined {
  return /^\S+ -> (\S+):/.exec(message)?.[1];
}

function judge(want: Args, sent: ScriptOutput, arrival: Arrival | undefined): ControlOutcome {
  const route = routeOf(want);
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
  const [deployed = '', host = '', reopened = ''] = arrival.detail.split(' ');
  const matches = want.deployed === undefined ? '' : ', served certificate = deployed certificate';
  if (host !== want.name)
    return failed(
      `the line arrived under the name '${host}' instead of '${want.name}': rsyslogd keeps the name that the host had at its start, and newer ones take the first name of its line in /etc/hosts. Put '${want.name}' first there and restart ${want.service}; else see preserveFQDN and log_local_name`,
    );
  if (version === '' || served === '')
    return failed(`the line arrived, but ${want.target}:${want.port} does not speak TLS`);
  if (!verified.startsWith('0 '))
    return failed(`the line arrived, but the served certificate is not trusted: ${verified}`);
  if (want.deployed !== undefined && served !== deployed)
    return failed(
      `the line arrived, but the served certificate ${served} is not the deployed one ${deployed}`,
    );
  return {
    status: 'ok',
    message: `${route} arrived ${word} ${milliseconds} ms, ${version}, ${cipher}${matches}${reopened === reopenedFiles ? lostFile(want) : ''}`,
    result: { milliseconds, version, cipher, fingerprint: served },
  };
}

/** Proves the whole way of a log line: a fresh token through `logger` must be in the server's file, under its sender's name. */
export const logLine: ExchangeResource<Args> = {
  kind: 'exchange',
  name: 'log_line',
  summary: "Sends a fresh line from every host through its own logger and finds it in the log server's file",
  schema: logLineSchema,
  listener: ({ listener }) => listener,
  within: waitedFor,
  listenScript,
  sendScript,
  judge,
  // Older lines are about others; a client says why it cannot connect when it is restarted, shortly before.
  diagnoseScript: ({ service, timeout }, side) =>
    importantLines(service, timeout + (side === 'sender' ? 60 : 10), 6),
};
