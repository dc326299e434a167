import { type Static, Type } from 'typebox';
import { Answer, tellFunction } from '../../../probes/answer.ts';
import { scriptProbe } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument.ts';
import type { HostResource, ProbeOptions } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import { certificateSeen } from '../ledger/certificate-observation.ts';
import { certificatePlace } from './files/certificate-place.ts';
import { heldArguments, heldChanges, heldFaults, heldStep } from './restarts/held-arguments.ts';
import { tellingLines } from './restarts/journal.ts';
import { restartScript } from './restarts/restart-script.ts';
import { lookAtPort, portTrouble } from './restarts/served-port.ts';

const schema = Type.Object(
  {
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'the port that must speak TLS' }),
    host: Type.String({
      minLength: 1,
      default: '127.0.0.1',
      description: 'address on the host itself to connect to',
    }),
    certificate: hostPath('the certificate that the port must serve'),
    service: Type.String({
      minLength: 1,
      description: 'unit that serves the port; restarted when it serves something else',
    }),
    restart: Type.Boolean({
      default: true,
      description:
        'whether the service is restarted when the port serves something else; fails with the reason if not',
    }),
    ...heldArguments,
    drain: Type.Integer({
      minimum: 0,
      maximum: 300,
      default: 10,
      description:
        'seconds for the connections of held hosts to end before the restart, at most 1 where one could not be held',
    }),
    timeout: Type.Integer({
      minimum: 1,
      maximum: 300,
      default: 15,
      description: 'seconds to wait after a restart',
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State {
  /** SHA-256 of what is served and of what is deployed; empty when there is none. */
  readonly served: string;
  readonly deployed: string;
  /** Something accepts connections, be it TLS or not. */
  readonly open: boolean;
  readonly unit: 'active' | 'inactive' | 'absent';
  /** What is wrong and, where it may not be restarted, what the journal says; empty when all is well. */
  readonly trouble: string;
  /** PEM of what is deployed and served; empty when there is none. */
  readonly deployedChain: string;
  readonly servedChain: string;
}

// A daemon that was told to start may need a moment until it listens; one that does not run is not waited for.
const listenSeconds = 2;

function found({ served, open, unit }: State): string {
  if (unit !== 'active') return unit === 'absent' ? 'no such service' : 'service not running';
  if (!open) return 'nothing listens';
  return served === '' ? 'no TLS' : `certificate ${served}`;
}

function isServed({ served, deployed }: State): boolean {
  return served !== '' && served === deployed;
}

function tellChains({ certificate }: Args): string {
  return `provision_tell deployed_chain "$(cat -- ${quote(certificate)} 2>/dev/null)"
provision_tell served_chain "$(printf '%s\\n' "$tls" | openssl x509 2>/dev/null)"`;
}

function probeScript(want: Args, { observations = false }: ProbeOptions): string {
  const journal = want.restart
    ? ''
    : `\n[ -z "$trouble" ] || trouble="$trouble\n$(${tellingLines(want.service, 60)})"`;
  return `${tellFunction}
tls=
${lookAtPort(want, listenSeconds, 'open')}
trouble=$(${portTrouble(want)})${journal}
printf 'served %s\\ndeployed %s\\nopen %s\\nunit %s\\n' "$served" "$deployed" "$open" "$unit"
provision_tell trouble "$trouble"
${observations ? tellChains(want) : ':'}`;
}

/** A port that serves the deployed certificate; a restart that was missed is made up for. */
export const tlsListener: HostResource<Args, State> = {
  kind: 'host',
  name: 'tls_listener',
  summary: 'A port that speaks TLS with a given certificate; its service is restarted when it does not',
  schema,
  effect: 'opaque',
  follows: () => true,
  paths: ({ certificate }) => [certificate],
  probe: (want, options) =>
    scriptProbe({
      script: probeScript(want, options),
      parse: (output) => {
        const answer = new Answer(output, `port ${want.port}`);
        const unit = answer.need('unit');
        return {
          served: answer.get('served') ?? '',
          deployed: answer.get('deployed') ?? '',
          open: answer.need('open') === 'yes',
          unit: unit === 'active' || unit === 'inactive' ? unit : 'absent',
          trouble: answer.bytes('trouble')?.toString('utf8').trim() ?? '',
          deployedChain: answer.bytes('deployed_chain')?.toString('utf8') ?? '',
          servedChain: answer.bytes('served_chain')?.toString('utf8') ?? '',
        };
      },
    }),
  refuse: (want, have) =>
    want.restart || isServed(have)
      ? heldFaults(want)
      : [`${have.trouble}\nthe service is not restarted because of \`restart: false\``],
  diff: (want, have) => {
    if (isServed(have)) return [];
    const to = have.deployed === '' ? `TLS with ${want.certificate}` : `certificate ${have.deployed}`;
    return [{ attribute: `port ${want.port}`, from: found(have), to }, ...heldChanges(want)];
  },
  steps: (want) => {
    const { service, port, timeout, hosts = [], drain: seconds } = want;
    const drain = hosts.length === 0 ? undefined : { port, seconds };
    return [heldStep(want, restartScript({ service, drain, serves: want, timeout }))];
  },
  result: (_want, { deployed }) => ({ fingerprint: deployed }),
  observations: ({ certificate }, have) => {
    if (!have) return [];
    const { deployedChain, served, servedChain, trouble } = have;
    const place = certificatePlace(certificate);
    return [
      certificateSeen({ place, stage: 'deployed', chain: deployedChain }),
      served === ''
        ? certificateSeen({ place, stage: 'served', trouble: trouble.split('\n')[0] ?? '' })
        : certificateSeen({ place, stage: 'served', chain: servedChain, fingerprint: served }),
    ];
  },
};
