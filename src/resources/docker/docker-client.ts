import { Type } from 'typebox';
import { type Answer, printFunction } from '../../probes/answer.ts';
import { quote } from '../../shell/quote.ts';

/** Arguments of every module about Docker: how its engine is reached. */
export const dockerArguments = {
  docker_host: Type.Optional(
    Type.String({
      pattern: '^[a-z]+://\\S*$',
      description: "address of the engine, the host's own without it",
    }),
  ),
  api_version: Type.Optional(
    Type.String({
      pattern: '^(auto|[0-9]+\\.[0-9]+)$',
      default: 'auto',
      description: 'version of its interface',
    }),
  ),
  timeout: Type.Optional(Type.Integer({ default: 60, description: 'accepted: docker has its own' })),
  debug: Type.Optional(Type.Boolean({ default: false, description: 'accepted: a plan shows what differs' })),
};

/** Other names of these arguments. */
export const dockerAliases = { docker_host: ['docker_url'], api_version: ['docker_api_version'] };

/** How the engine is reached. */
export interface DockerReach {
  readonly docker_host?: string;
  readonly api_version?: string;
}

/** What the engine says of a thing: undefined when there is no such thing. */
export type Inspected = { readonly [key: string]: unknown } | undefined;

/** sh code that has docker speak to the engine that is meant. */
export function dockerPlace({ docker_host, api_version = 'auto' }: DockerReach): string {
  const lines = ['export DOCKER_CLI_HINTS=false'];
  if (docker_host !== undefined) lines.push(`export DOCKER_HOST=${quote(docker_host)}`);
  if (api_version !== 'auto') lines.push(`export DOCKER_API_VERSION=${quote(api_version)}`);
  return lines.join('\n');
}

/** A command of docker. */
export function dockerCommand(...words: readonly string[]): string {
  return ['docker', ...words].map(quote).join(' ');
}

/** sh code that asks for things by kind and name, and prints each under its key; `readInspected` reads it. */
export function inspectScript(
  reach: DockerReach,
  things: Readonly<Record<string, readonly [kind: string, name: string]>>,
): string {
  const asks = Object.entries(things).map(([key, [kind, name]]) => {
    const command = dockerCommand(kind, 'inspect', name);
    return `if provision_out=$(${command} 2>/dev/null); then provision_print ${key} "$provision_out"
else
  provision_out=$(${command} 2>&1 >/dev/null)
  case $provision_out in *'o such '*|*'not found'*) ;; *) provision_print fault "$provision_out" ;; esac
fi`;
  });
  return `${printFunction}
${dockerPlace(reach)}
command -v docker >/dev/null || { echo 'docker no'; exit 0; }
${asks.join('\n')}`;
}

/** What was printed of a thing. */
export function readInspected(answer: Answer, key: string): Inspected {
  try {
    const list: unknown = JSON.parse(answer.bytes(key)?.toString() ?? '[]');
    return Array.isArray(list) ? (list[0] as Inspected) : undefined;
  } catch {
    return undefined;
  }
}

/** Why the engine cannot be asked; undefined where it answered. */
export function dockerFault(answer: Answer): string | undefined {
  if (answer.get('docker') === 'no') return 'the host has no docker; install it first';
  const said = answer.bytes('fault')?.toString().trim();
  return said === undefined ? undefined : `docker cannot be asked: ${said}`;
}

/** A member of what was inspected, by the names on the way to it. */
export function member(of: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (value, name) => (value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined),
    of,
  );
}

/** How a value is shown in a plan. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'unset';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Values of options and labels, as docker keeps them: text. */
export function asTexts(
  values: Readonly<Record<string, unknown>> = {},
): readonly (readonly [string, string])[] {
  return Object.entries(values).map(([name, value]) => [name, String(value)]);
}

/** Words of docker's command line that give names values: `--label a=b` for each. */
export function optionWords(
  option: string,
  values: Readonly<Record<string, unknown>> | undefined,
): readonly string[] {
  return asTexts(values).flatMap(([name, value]) => [option, `${name}=${value}`]);
}
