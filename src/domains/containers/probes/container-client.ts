import { Answer, printFunction } from '../../../probes/answer.ts';
import type { Ask } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { withoutRoots } from '../../../shell/openssl.ts';
import { quote } from '../../../shell/quote.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { findContainers, type ServicePlace } from './find-containers.ts';

/** Which container, and the server that it sends to. */
export interface ClientQuestion extends ServicePlace {
  readonly host: string;
  readonly port: number;
  /** Its log of the last so many seconds is wanted; 0: none. */
  readonly logSeconds: number;
  /** It is given this CA file of the host from now on; what it has now does not matter. */
  readonly caFile: string | undefined;
}

/** A container as it is, and what the server presents. */
export interface ClientAnswer {
  /** Empty where docker answered; else why not. */
  readonly fault: string;
  /** Empty when there is no container of the service yet. */
  readonly container: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly chain: string;
  readonly trouble: string;
  readonly rootCount: number;
  readonly rootsTrust: boolean;
  /** CA files that its variable names; undefined for what it does not have. */
  readonly files: readonly { readonly path: string; readonly text: string | undefined }[];
  readonly log: string;
}

// Where Go looks for roots on Linux, and the variable that says otherwise.
const rootFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Asks what a container trusts, looked at inside it without running anything there, and what its server presents to this host. */
export function containerClient(question: ClientQuestion): Ask<ScriptOutput> {
  const { directory, service, host, port, logSeconds, caFile } = question;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return script(`${printFunction}
command -v docker >/dev/null || { provision_print fault docker; exit 0; }
provision_tls=$(${withoutRoots} timeout 10 openssl s_client -connect ${quote(address)} -servername ${quote(host)} -showcerts 2>&1 </dev/null)
provision_chain=$(printf '%s\\n' "$provision_tls" | sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p')
provision_print chain "$provision_chain"
[ -n "$provision_chain" ] || provision_print trouble "$provision_tls"
${findContainers({ directory, service })} ||
  { provision_print fault "$provision_ids"; exit 0; }
provision_id=\${provision_ids%%
*}
[ -n "$provision_id" ] || exit 0
provision_print container "$provision_id"
provision_env=$(docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' "$provision_id")
provision_print env "$provision_env"
provision_inside() { docker cp -L "$provision_id:$1" - 2>/dev/null | tar -xO 2>/dev/null; }
set -- ${rootFiles.join(' ')}
provision_given=
while IFS= read -r provision_line; do
  case $provision_line in
  SSL_CERT_FILE=?*) set -- "\${provision_line#*=}" ;;
  LOGSPOUT_TLS_CA_CERTS=*) provision_given=\${provision_line#*=} ;;
  esac
done <<provision_end
$provision_env
provision_end
for provision_path; do
  provision_roots=$(provision_inside "$provision_path" | sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p')
  [ -z "$provision_roots" ] || break
done
provision_print roots "$(printf '%s\\n' "$provision_roots" | grep -c 'BEGIN CERT')"
if [ -n "$provision_roots" ] && [ -n "$provision_chain" ] && openssl verify -no-CApath -no-CAstore -no_check_time -CAfile /dev/fd/3 -untrusted /dev/fd/4 /dev/fd/5 >/dev/null 2>&1 3<<provision_roots 4<<provision_chain 5<<provision_leaf
$provision_roots
provision_roots
$provision_chain
provision_chain
$provision_chain
provision_leaf
then provision_print trusts yes; fi
${caFile === undefined ? givenFiles : ''}
${logSeconds > 0 ? `provision_print log "$(docker logs --since ${logSeconds}s "$provision_id" 2>&1 | tail -c 65536)"` : ''}
true`);
}

const givenFiles = `provision_count=0
IFS=,; set -f
for provision_path in $provision_given; do
  unset IFS
  provision_print "file$provision_count" "$provision_path"
  provision_text=$(provision_inside "$provision_path" | head -c 65536)
  [ -z "$provision_text" ] || provision_print "text$provision_count" "$(printf '%s\\n' "$provision_text" | sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p')"
  provision_count=$((provision_count + 1))
done
unset IFS`;

/** Reads the answer to `containerClient`. */
export function readClient(output: ScriptOutput, service: string): ClientAnswer {
  const answer = new Answer(output, `the container of ${service}`);
  const text = (key: string) => answer.bytes(key)?.toString('utf8') ?? '';
  const files: { path: string; text: string | undefined }[] = [];
  for (let path = text('file0'); path !== ''; path = text(`file${files.length}`)) {
    files.push({ path, text: answer.bytes(`text${files.length}`)?.toString('utf8') });
  }
  return {
    fault: text('fault'),
    container: text('container').slice(0, 12),
    variables: variablesIn(text('env')),
    chain: text('chain'),
    trouble: troubleIn(text('trouble')),
    rootCount: Number(text('roots')) || 0,
    rootsTrust: text('trusts') === 'yes',
    files,
    log: text('log'),
  };
}

function variablesIn(lines: string): ReadonlyMap<string, string> {
  return new Map(
    lines.split('\n').flatMap((line) => {
      const cut = line.indexOf('=');
      return cut < 0 ? [] : [[line.slice(0, cut), line.slice(cut + 1)] as const];
    }),
  );
}

// A server that waits for a line says nothing to a client that speaks TLS.
function troubleIn(said: string): string {
  const [, named] = /connect:(?:errno=\d+)?([^:\n]*)/.exec(said) ?? [];
  const [, library] = /error:[0-9A-F]+:[^:]*:[^:]*:([^:\n]+)/.exec(said) ?? [];
  const [first = ''] = said.trim().split('\n');
  return named || library || (first.startsWith('CONNECTED') ? '' : first);
}
