import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import { type ContainerState, environmentOf, networkDifferences } from './container-comparison.ts';
import { containerOptions } from './container-options.ts';
import { commandWords } from './container-process.ts';
import type { ContainerArguments } from './container-schema.ts';
import { dockerCommand, type Inspected, member, optionWords } from './docker-client.ts';

/** The name without the slash that docker has before it. */
export function containerName({ name }: ContainerArguments): string {
  return name.replace(/^\//, '');
}

function valued(option: string, value: unknown): readonly string[] {
  return value === undefined ? [] : [option, String(value)];
}

type Network = NonNullable<ContainerArguments['networks']>[number];

function networkWords(network: Network, first: boolean): readonly string[] {
  return [
    ...valued('--ip', network.ipv4_address),
    ...valued('--ip6', network.ipv6_address),
    ...(network.aliases ?? []).flatMap((one) => [first ? '--network-alias' : '--alias', one]),
    ...(network.links ?? []).flatMap((one) => ['--link', one]),
    ...(first
      ? valued('--mac-address', network.mac_address)
      : optionWords('--driver-opt', network.driver_opts)),
  ];
}

/** The network that takes the place of the default one. */
function firstNetwork({ networks = [], network_mode: mode, networks_cli_compatible }: ContainerArguments) {
  return mode === undefined && networks_cli_compatible !== false ? networks[0] : undefined;
}

function connectCommand(want: ContainerArguments, network: Network): string {
  return dockerCommand(
    'network',
    'connect',
    ...networkWords(network, false),
    network.name,
    containerName(want),
  );
}

/** Makes the container; its environment travels over stdin, for words of a program can be seen by everybody. */
export function createCommand(want: ContainerArguments, have: ContainerState): readonly string[] {
  const environment = [...environmentOf(want)];
  // A file for docker has no way to say these.
  const plain = environment.filter(
    ([name, value]) => /^[A-Za-z_][\w.-]*$/.test(name) && !value.includes('\n'),
  );
  const others = environment.filter((one) => !plain.includes(one));
  const first = firstNetwork(want);
  const [entrypoint, ...before] = want.entrypoint ?? [];
  const image = want.image ?? String(member(have.container, 'Config', 'Image') ?? '');
  const command = dockerCommand(
    'container',
    'create',
    '--name',
    containerName(want),
    ...containerOptions.flatMap((option) =>
      option.wanted(want) === undefined && !hasAllPorts(option.name, want) ? [] : option.words(want),
    ),
    ...(first ? ['--network', first.name, ...networkWords(first, true)] : []),
    ...valued('--env-file', want.env_file),
    ...(plain.length > 0 ? ['--env-file', '/dev/stdin'] : []),
    ...others.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...valued('--platform', want.platform),
    ...valued('--entrypoint', entrypoint),
    image,
    ...before,
    ...(commandWords(want.command) ?? []),
  );
  const lines = plain.map(([name, value]) => `${name}=${value}\n`).join('');
  const rest = (want.networks ?? []).filter(({ name }) => name !== first?.name && name !== want.network_mode);
  return [
    `${plain.length > 0 ? `{ ${printBytes(lines)}\n} | ` : ''}${command} >/dev/null || exit 1`,
    ...rest.map((network) => `${connectCommand(want, network)} || exit 1`),
  ];
}

function hasAllPorts(name: string, want: ContainerArguments): boolean {
  return name === 'published_ports' && want.published_ports?.includes('all') === true;
}

/** Ends a container that may run. */
export function stopCommand(want: ContainerArguments): string {
  const name = containerName(want);
  if (want.force_kill)
    return `${dockerCommand('container', 'kill', ...valued('--signal', want.kill_signal), name)} >/dev/null`;
  return `${dockerCommand('container', 'stop', ...valued('--time', want.stop_timeout), name)} >/dev/null`;
}

/** Ends and removes it. */
export function removeCommands(want: ContainerArguments, container: Inspected): readonly string[] {
  const runs = member(container, 'State', 'Running') === true;
  const volumes = want.keep_volumes === false ? ['--volumes'] : [];
  return [
    ...(runs ? [`${stopCommand(want)} || exit 1`] : []),
    // One that is removed when it ends is gone already.
    `${dockerCommand('container', 'rm', '--force', ...volumes, containerName(want))} >/dev/null || exit 1`,
  ];
}

/** Puts a container that is there into its networks. */
export function networkCommands(want: ContainerArguments, container: Inspected): readonly string[] {
  const { joins, leaves } = networkDifferences(want, container);
  return [
    ...leaves.map(
      (name) => `${dockerCommand('network', 'disconnect', '--force', name, containerName(want))} || exit 1`,
    ),
    ...joins.map((network) => `${connectCommand(want, network)} || exit 1`),
  ];
}

/** sh code that waits until a container's check says that it is healthy. */
export function healthWait(want: ContainerArguments): string {
  const name = containerName(want);
  const ask = dockerCommand('container', 'inspect', '--format', '{{.State.Health.Status}}', name);
  const seconds = Math.ceil(want.healthy_wait_timeout ?? 300);
  const patience = seconds > 0 ? `[ "$provision_waited" -lt ${seconds} ]` : 'true';
  return `provision_waited=0
while provision_health=$(${ask} 2>/dev/null); [ "$provision_health" != healthy ]; do
  ${patience} && [ -n "$provision_health" ] && [ "$provision_health" != unhealthy ] || {
    printf 'the container %s is %s, not healthy\\n' ${quote(name)} "\${provision_health:-without a healthcheck}" >&2; exit 1; }
  sleep 1; provision_waited=$((provision_waited + 1))
done`;
}
