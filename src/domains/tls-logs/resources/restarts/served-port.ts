import { quote } from '../../../../shell/quote.ts';
import { connectScript, fileFingerprint, tellTls } from './tls-look.ts';

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
 * sh code that looks what the port serves and sets $unit (active, inactive, absent), $open (yes, no) and the SHA-256
 * fingerprints $served and $deployed, empty when there is none. A service that runs is given some seconds to listen.
 * @param wait `same`: also until it serves the deployed certificate
 */
export function lookAtPort(
  { service, host, port, certificate }: ServedPort,
  seconds: number,
  wait: 'open' | 'same',
): string {
  const good = wait === 'open' ? '[ "$open" = yes ]' : '[ -n "$served" ] && [ "$served" = "$deployed" ]';
  return `deployed=$(${fileFingerprint(certificate)})
unit=absent; ! systemctl cat -- ${quote(service)} >/dev/null 2>&1 || unit=inactive
end=$(($(date +%s) + ${seconds}))
while :; do
  ! systemctl is-active --quiet -- ${quote(service)} || unit=active
  served= open=no
  [ "$unit" = active ] && [ -n "$deployed" ] || break
  ${connectScript({ host, port })}
  case $tls in *CONNECTED*) open=yes ;; esac
  served=$(${tellTls})
  served=$(printf '%s\\n' "$served" | sed -n 's/^served //p')
  ${good} && break
  [ "$(date +%s)" -lt "$end" ] || break
  sleep 0.2
done`;
}

/** sh code that says from the same variables what is wrong with the port; nothing when all is well. */
export function portTrouble({ service, port, certificate }: ServedPort): string {
  const say = (text: string) => `echo ${quote(text)}`;
  return `if [ "$unit" != active ]; then ${say(`the service ${service} does not run`)}
elif [ -z "$deployed" ]; then ${say(`there is no certificate ${certificate}`)}
elif [ "$open" = no ]; then ${say(`nothing listens on port ${port}`)}
elif [ -z "$served" ]; then ${say(`port ${port} does not speak TLS`)}
elif [ "$served" != "$deployed" ]; then
  echo "port ${port} serves another certificate than the deployed one: $served instead of $deployed"
fi`;
}
