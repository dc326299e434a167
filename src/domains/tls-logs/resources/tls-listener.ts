import { type Static, Type } from 'typebox';
import { Answer } from '../../../probes/answer.ts';
import { asking } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { firstFingerprint } from '../certificates/certificate.ts';
import { certificatePlace } from '../certificates/certificate-place.ts';
import { certificateSeen } from '../ledger/certificate-observation.ts';
import { type PemAnswer, pem, pemOf } from '../probes/pem.ts';
import { connectScript, printTls, readTls } from '../probes/tls-port.ts';
import { heldArguments, heldChanges, heldFaults, heldStep } from './restarts/held-arguments.ts';
import { importantLines } from './restarts/journal.ts';
import { restartScript } from './restarts/restart-script.ts';
import { type PortState, portFault } from './restarts/served-port.ts';

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

interface State extends PortState {
  /** What is wrong and, where it may not be restarted, what the journal says; empty when all is well. */
  readonly trouble: string;
  /** PEM of what is deployed and served; empty when there is none. */
  readonly deployedChain: string;
  readonly servedChain: string;
}

// A daemon that was asked to start may need a moment until it listens; one that does not run is not waited for, nor is one whose
// certificate is not there yet.
const listenSeconds = 2;

function found({ served, open, unit }: State): string {
  if (unit !== 'active') return unit === 'absent' ? 'no such service' : 'service not running';
  if (!open) return 'nothing listens';
  return served === '' ? 'no TLS' : `certificate ${served}`;
}

function isServed({ served, deployed }: State): boolean {
  return served !== '' && served === deployed;
}

// The journal is of use only where another certificate is served, or none, and nothing may be done about it.
function journalScript({ certificate, service }: Args): string {
  return `case $tls in
*'-----BEGIN CERTIFICATE-----'*)
  served=\${tls#*'-----BEGIN CERTIFICATE-----
'}; served=\${served%%'-----END CERTIFICATE-----'*} ;;
*) served=none ;;
esac
deployed= inside=
[ ! -r ${quote(certificate)} ] || while IFS= read -r line; do
  case $line in
  *'-----BEGIN CERTIFICATE-----'*) inside=yes ;;
  *'-----END CERTIFICATE-----'*) break ;;
  *) [ -z "$inside" ] || deployed="$deployed$line
" ;;
  esac
done <${quote(certificate)}
[ "$served" = "$deployed" ] && [ "$unit" = active ] || { echo journal; ${importantLines(service, 60)}; }`;
}

function listenerScript(want: Args): string {
  const service = quote(want.service);
  const connect = connectScript({ host: want.host, port: want.port });
  return `unit=active tls=
[ ! -e ${quote(want.certificate)} ] || ${connect}
systemctl is-active --quiet -- ${service} ||
  { unit=absent; ! systemctl cat -- ${service} >/dev/null 2>&1 || unit=inactive; }
n=0
while case $unit:$tls in active:*CONNECTED*) false ;; active:?*) [ "$n" -lt ${listenSeconds * 5} ] ;; *) false ;; esac; do
  n=$((n + 1)); sleep 0.2
  ${connect}
done
printf 'unit %s\\n' "$unit"
${printTls}
${want.restart ? ':' : journalScript(want)}`;
}

function parse(want: Args, output: ScriptOutput, certificate: PemAnswer): State {
  const [text = '', journal] = output.stdout.split(/^journal\n/m);
  const unit = new Answer(output, `port ${want.port}`).need('unit');
  const runs = unit === 'active';
  const chain = pemOf(certificate) ?? '';
  const deployed = firstFingerprint(chain) ?? '';
  const tls = runs && deployed !== '' ? readTls(text) : readTls('');
  const { open, served } = tls;
  const state = { unit: runs || unit === 'inactive' ? unit : 'absent', open, served, deployed } as const;
  const trouble = [portFault(want, state), journal ?? ''].join('\n').trim();
  return { ...state, trouble, deployedChain: chain, servedChain: tls.chain };
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
  probe: (want) =>
    asking({ output: script(listenerScript(want)), certificate: pem(want.certificate) }, (answers) =>
      parse(want, answers.output, answers.certificate),
    ),
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
    const drain = hosts.length === 0 ? undefined : { ports: [port], seconds };
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
