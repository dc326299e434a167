import { type Static, Type } from 'typebox';
import { quote } from '../shell/quote.ts';
import { Answer } from './answer.ts';
import { hostPath } from './argument.ts';
import { connectScript, fileFingerprint, tellTls } from './certificates/tls-look.ts';
import type { HostResource } from './resource.ts';
import { tellingLines } from './units/journal.ts';

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
}

// A daemon that was told to start may need a moment until it listens; one that does not run is not waited for.
function look(want: Args, tries: string): string {
  const { host, port } = want;
  return `deployed=$(${fileFingerprint(want.certificate)})
unit=absent; ! systemctl cat -- ${quote(want.service)} >/dev/null 2>&1 || unit=inactive
! systemctl is-active --quiet -- ${quote(want.service)} || unit=active
n=0
while :; do
  served= open=no
  if [ "$unit" = active ] && [ -n "$deployed" ]; then
    ${connectScript({ host, port })}
    case $tls in *CONNECTED*) open=yes ;; esac
    answer=$(${tellTls})
    served=$(printf '%s\\n' "$answer" | sed -n 's/^served //p')
  fi
  n=$((n + 1))
  [ "$unit" = active ] && [ -n "$deployed" ] && [ "$n" -lt ${tries} ] || break
  [ "$open" = no ] || [ "$wait_for_same" = yes ] || break
  [ "$served" != "$deployed" ] || break
  sleep 0.2
done`;
}

function found({ served, open, unit }: State): string {
  if (unit !== 'active') return unit === 'absent' ? 'no such service' : 'service not running';
  if (!open) return 'nothing listens';
  return served === '' ? 'no TLS' : `certificate ${served}`;
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
  probe: (want) => ({
    script: `wait_for_same=no\n${look(want, '10')}
printf 'served %s\\ndeployed %s\\nopen %s\\nunit %s\\n' "$served" "$deployed" "$open" "$unit"`,
    parse: (output) => {
      const answer = new Answer(output, `port ${want.port}`);
      const unit = answer.need('unit');
      return {
        served: answer.get('served') ?? '',
        deployed: answer.get('deployed') ?? '',
        open: answer.need('open') === 'yes',
        unit: unit === 'active' || unit === 'inactive' ? unit : 'absent',
      };
    },
  }),
  diff: (want, have) => {
    if (have.served !== '' && have.served === have.deployed) return [];
    const to = have.deployed === '' ? `TLS with ${want.certificate}` : `certificate ${have.deployed}`;
    return [{ attribute: `port ${want.port}`, from: found(have), to }];
  },
  steps: (want) => [
    {
      kind: 'script',
      script: `systemctl restart -- ${quote(want.service)} || exit 1
wait_for_same=yes
${look(want, String(want.timeout * 5))}
[ -n "$served" ] && [ "$served" = "$deployed" ] && exit 0
if [ "$unit" != active ]; then echo 'the service ${want.service} does not run' >&2
elif [ -z "$deployed" ]; then echo ${quote(`there is no certificate ${want.certificate}`)} >&2
elif [ "$open" = no ]; then echo 'nothing listens on port ${want.port}' >&2
elif [ -z "$served" ]; then echo 'port ${want.port} does not speak TLS' >&2
else echo "port ${want.port} serves another certificate than the deployed one: $served" >&2; fi
${tellingLines(want.service, want.timeout + 15)} >&2
exit 1`,
    },
  ],
  result: (_want, { deployed }) => ({ fingerprint: deployed }),
};
