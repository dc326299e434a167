import { type Static, Type } from 'typebox';
import { absolutePath } from '../../../resources/argument-schemas.ts';
import type { ControlOutcome, ExchangeResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';

const schema = Type.Object(
  {
    listener: Type.String({ minLength: 1, description: 'inventory name of the host on which lines arrive' }),
    sender: Type.String({ minLength: 1, description: 'what messages call the sending host' }),
    file: absolutePath('file on the listener in which the line must arrive'),
    container: Type.String({
      default: '',
      pattern: '^[A-Za-z0-9_.-]*$',
      description: 'container into whose output the line is written; empty: the first one that runs',
    }),
    not_service: Type.String({
      default: '',
      description: 'service of Compose whose containers are not taken: the one that sends',
    }),
    timeout: Type.Integer({
      minimum: 1,
      maximum: 600,
      default: 30,
      description: 'seconds until a line counts as lost',
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

/** Begins each line of proof. */
const tag = 'provision-verify';

// Written into what the container's first process writes to: Docker takes it for a line of its own. No image is needed for it.
function sendScript({ container, not_service: other }: Args, token: string): string {
  const choose =
    container === ''
      ? `provision_id=$(docker ps --format '{{.ID}} {{.Label "com.docker.compose.service"}}' | while read -r id service; do
  [ "$service" = ${quote(other)} ] || { echo "$id"; break; }
done)
[ -n "$provision_id" ] || { echo 'no other container runs here, into whose output a line could be written' >&2; exit 1; }`
      : `provision_id=${quote(container)}`;
  return `command -v docker >/dev/null || { echo 'there is no docker on the host' >&2; exit 1; }
${choose}
provision_pid=$(docker inspect -f '{{.State.Pid}}' "$provision_id") && [ "$provision_pid" != 0 ] ||
  { echo "the container $provision_id does not run" >&2; exit 1; }
echo ${quote(`${tag} ${token}`)} >"/proc/$provision_pid/fd/1"`;
}

// Only what the files gain from now on is searched; all lines of one file are looked for in one go.
function listenScript(wants: readonly Args[], tokens: readonly string[]): string {
  const files = [...new Set(wants.map(({ file }) => file))];
  const seconds = Math.max(...wants.map(({ timeout }) => timeout));
  const begin = files.map(
    (file, index) =>
      `file${index}=${quote(file)} from${index}=$(stat -L -c %s -- ${quote(file)} 2>/dev/null || echo 0)`,
  );
  return `${begin.join('\n')}
waiting=${quote(tokens.join(' '))}
echo ready
end=$(($(date +%s) + ${seconds}))
while [ -n "$waiting" ] && [ "$(date +%s)" -le "$end" ]; do
  gained=$(${files.map((_, index) => `tail -c "+$((from${index} + 1))" -- "$file${index}" 2>/dev/null`).join('; ')} | grep -a -F ${quote(tag)})
  left=
  for token in $waiting; do
    case $gained in
    *"$token"*) printf 'arrived %s -\\n' "$token" ;;
    *) left="$left $token" ;;
    esac
  done
  waiting=$left
  [ -z "$waiting" ] || sleep 0.2
done
true`;
}

/** Proves that what containers print arrives: a fresh token in a container's output must be in the server's file. */
export const containerLine: ExchangeResource<Args> = {
  kind: 'exchange',
  name: 'container_line',
  summary:
    'Prove that what containers print arrives: a fresh line of each host must be seen in a file of the listener',
  schema,
  listener: ({ listener }) => listener,
  within: (want, seconds) => ({ ...want, timeout: Math.min(want.timeout, seconds) }),
  // Before a host is set up its line could go anywhere, in the clear: none is sent ahead, and nobody waits for one.
  listenScript: (wants, tokens, ahead) => (ahead ? 'echo ready' : listenScript(wants, tokens)),
  sendScript: (want, token, ahead) => (ahead ? 'exit 1' : sendScript(want, token)),
  judge({ sender, listener, file, timeout }, sent, arrival): ControlOutcome {
    const failed = (message: string): ControlOutcome => ({
      status: 'failed',
      message: `${sender} -> ${listener}: ${message}`,
    });
    if (sent.code !== 0)
      return failed(`no line could be sent: ${sent.stderr.trim() || `exit code ${sent.code}`}`);
    if (!arrival) {
      return failed(
        `the line of a container did not arrive within ${timeout} s in ${file}: look at the log of the container that sends, \`docker logs\``,
      );
    }
    const milliseconds = Math.round(arrival.milliseconds);
    return {
      status: 'ok',
      message: `${sender} -> ${listener}: a container's line arrived in ${milliseconds} ms`,
      result: { milliseconds },
    };
  },
  diagnoseScript: ({ not_service: service }, side) =>
    side === 'sender' && service !== ''
      ? `for id in $(docker ps -aq --filter ${quote(`label=com.docker.compose.service=${service}`)}); do docker logs --tail 20 "$id" 2>&1; done`
      : 'true',
};
