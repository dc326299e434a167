import { withoutRoots } from '../../../../shell/openssl.ts';
import { quote } from '../../../../shell/quote.ts';
import { findContainers, type ServicePlace } from '../../probes/find-containers.ts';
import { presentedInside } from '../../probes/service-run.ts';

/** A service whose containers are to have read their files anew. */
interface Restart extends ServicePlace {
  /** Port in the container that must present the certificate then. */
  readonly port: number | undefined;
  readonly certificate: string | undefined;
  /** For that. */
  readonly seconds: number;
  /** False: it was started a moment ago, and is only waited for. */
  readonly restarts: boolean;
}

// Seconds that a program gets to end by itself: Logstash writes down what it has first.
const ending = 30;

/** sh code that restarts the containers of a service, and waits until the port presents the certificate. */
export function restartScript({ port, certificate, seconds, restarts, ...service }: Restart): string {
  const restart = `set -- $provision_ids
docker restart --time ${ending} "$@" >/dev/null || exit 1`;
  return `${findContainers(service)} || { echo "$provision_ids" >&2; exit 1; }
${restarts ? restart : 'set -- $provision_ids'}
${port === undefined || certificate === undefined ? '' : waited(service.service, port, certificate, seconds)}`;
}

function waited(service: string, port: number, certificate: string, seconds: number): string {
  return `provision_id=$1
provision_mark() { ${withoutRoots} openssl x509 -noout -fingerprint -sha256 2>/dev/null; }
provision_wanted=$(provision_mark <${quote(certificate)})
provision_end=$(($(date +%s) + ${seconds}))
while ${presentedInside(port)}
  provision_found=$(printf '%s\\n' "$tls" | provision_mark)
  [ -z "$provision_found" ] || [ "$provision_found" != "$provision_wanted" ]
do
  [ "$(date +%s)" -lt "$provision_end" ] || {
    printf 'port %s of %s presents %s, not %s; its last words:\\n' ${port} ${quote(service)} "\${provision_found:-no certificate}" "$provision_wanted" >&2
    docker logs --tail 10 "$provision_id" >&2
    exit 1
  }
  sleep 0.2
done`;
}
