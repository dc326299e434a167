import type { Static } from 'typebox';
import type { Arrival, ControlOutcome, ExchangeResource } from '../../../resources/resource.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { readTls } from '../probes/tls-port.ts';
import { clientHealthScript, readClientHealth } from './log-lines/client-health.ts';
import { logLineSchema, waitedFor } from './log-lines/log-line-schema.ts';
import { readServerHealth, serverHealthScript } from './log-lines/server-health.ts';

type Args = Static<typeof logLineSchema>;

function judge(want: Args, sent: ScriptOutput, arrival: Arrival | undefined): ControlOutcome {
  const { version, cipher, verified, chain, trouble } = readTls(sent.stdout);
  const client = readClientHealth(sent.stdout);
  const server = arrival && readServerHealth(arrival.detail);
  return {
    status: 'ok',
    message: `${want.sender} -> ${want.listener}: looked at`,
    result: {
      server: want.listener,
      tls: { version, cipher, verified, chain, trouble },
      client,
      log: server ?? {},
    },
  };
}

/** Looks at a log client and its log server as they are: nothing is sent, nothing is changed. Takes what log_line takes. */
export const logHealth: ExchangeResource<Args> = {
  kind: 'exchange',
  name: 'log_health',
  summary: 'Look, for `provision status`, how a log client and its log server are',
  schema: logLineSchema,
  listener: ({ listener }) => listener,
  within: waitedFor,
  listenScript: serverHealthScript,
  sendScript: clientHealthScript,
  judge,
  diagnoseScript: () => ':',
};
