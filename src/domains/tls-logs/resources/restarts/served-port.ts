import { withoutRoots } from '../../../../shell/openssl.ts';
import { quote } from '../../../../shell/quote.ts';
import { connectScript } from '../../probes/tls-port.ts';

// The SHA-256 fingerprint (`AA:BB:..`) of the first certificate in a file, or in what is piped in; nothing when there is none.
function fingerprint(file?: string): string {
  const from = file === undefined ? '' : ` -in ${quote(file)}`;
  return `${withoutRoots} openssl x509${from} -noout -fingerprint -sha256 2>/dev/null | sed 's/^.*=//'`;
}

/** A port at which a service must serve a certificate. */
export interface ServedPort {
  readonly service: string;
  /** Address on the host itself. */
  readonly host: string;
  readonly port: number;
  /** File of the certificate. */
  readonly certificate: string;
}

/**
 * sh code that asks what the port serves and sets $unit (active, inactive, absent), $open (yes, no) and the SHA-256
 * fingerprints $served and $deployed, empty when there is none. A service that runs is given some seconds
 * until it serves the deployed certificate.
 */
export function portScript({ service, host, port, certificate }: ServedPort, seconds: number): string {
  return `deployed=$(${fingerprint(certificate)})
unit=absent; ! systemctl cat -- ${quote(service)} >/dev/null 2>&1 || unit=inactive
end=$(($(date +%s) + ${seconds}))
while :; do
  ! systemctl is-active --quiet -- ${quote(service)} || unit=active
  served= open=no
  [ "$unit" = active ] && [ -n "$deployed" ] || break
  ${connectScript({ host, port })}
  case $tls in *CONNECTED*) open=yes ;; esac
  served=$(printf '%s\\n' "$tls" | ${fingerprint()})
  [ -n "$served" ] && [ "$served" = "$deployed" ] && break
  [ "$(date +%s)" -lt "$end" ] || break
  sleep 0.2
done`;
}

/** What is known of a port, for the user. */
export interface PortState {
  readonly unit: 'active' | 'inactive' | 'absent';
  /** Something accepts connections, be it TLS or not. */
  readonly open: boolean;
  /** SHA-256 of what is served and of what is deployed; empty when there is none. */
  readonly served: string;
  readonly deployed: string;
}

/** What is wrong with the port; empty when all is well. */
export function portFault({ service, port, certificate }: ServedPort, have: PortState): string {
  const texts = portTexts({ service, port, certificate });
  if (have.unit !== 'active') return texts.stopped;
  if (have.deployed === '') return texts.missing;
  if (!have.open) return texts.closed;
  if (have.served === '') return texts.plain;
  return have.served === have.deployed ? '' : `${texts.other}: ${have.served} instead of ${have.deployed}`;
}

/** sh code that says the same from the variables that `portScript` sets. */
export function portTrouble(served: ServedPort): string {
  const { stopped, missing, closed, plain, other } = portTexts(served);
  const say = (text: string) => `echo ${quote(text)}`;
  return `if [ "$unit" != active ]; then ${say(stopped)}
elif [ -z "$deployed" ]; then ${say(missing)}
elif [ "$open" = no ]; then ${say(closed)}
elif [ -z "$served" ]; then ${say(plain)}
elif [ "$served" != "$deployed" ]; then printf '%s: %s instead of %s\\n' ${quote(other)} "$served" "$deployed"
fi`;
}

function portTexts({ service, port, certificate }: Pick<ServedPort, 'service' | 'port' | 'certificate'>) {
  return {
    stopped: `the service ${service} does not run`,
    missing: `there is no certificate ${certificate}`,
    closed: `nothing listens on port ${port}`,
    plain: `port ${port} does not speak TLS`,
    other: `port ${port} serves another certificate than the deployed one`,
  };
}
