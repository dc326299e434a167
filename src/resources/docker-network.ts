import { type Static, Type } from 'typebox';
import {
  asTexts,
  dockerAliases,
  dockerArguments,
  dockerCommand,
  dockerPlace,
  type Inspected,
  inspectScript,
  member,
  optionWords,
  readInspected,
  shownValue,
} from './docker/docker-client.ts';
import { dockerProbe } from './docker/docker-probe.ts';
import type { Change, HostResource, Json } from './resource.ts';

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const mapping = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.Any(), { description }));

const block = Type.Object(
  {
    subnet: text('network, as in 172.20.0.0/16'),
    iprange: text('part of it that containers get addresses of'),
    gateway: text('address of the gateway'),
    aux_addresses: mapping('addresses that the driver uses itself, by host names'),
  },
  { additionalProperties: false },
);

const schema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$', description: 'the network' }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    connected: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        default: [],
        description: 'containers in it; others leave it',
      }),
    ),
    appends: Type.Optional(Type.Boolean({ default: false, description: 'others stay' })),
    driver: Type.Optional(Type.String({ minLength: 1, default: 'bridge', description: 'kind of network' })),
    driver_options: mapping('options of the driver'),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'make it anew each time; with absent, containers leave it first',
      }),
    ),
    enable_ipv6: flag('has IPv6'),
    ipam_driver: text('what gives out addresses'),
    ipam_driver_options: mapping('options of that'),
    ipam_config: Type.Optional(Type.Array(block, { description: 'addresses' })),
    internal: flag('nothing outside can be reached'),
    labels: mapping('its labels'),
    scope: Type.Optional(Type.Enum(['local', 'global', 'swarm'], { description: 'how far it reaches' })),
    attachable: flag('containers that are no services may join'),
    ...dockerArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly fault: string | undefined;
  readonly network: Inspected;
}

const blockNames = {
  subnet: 'Subnet',
  iprange: 'IPRange',
  gateway: 'Gateway',
  aux_addresses: 'AuxiliaryAddresses',
};

function blockDifferences({ ipam_config = [] }: Arguments, network: Inspected): readonly Change[] {
  const found = member(network, 'IPAM', 'Config');
  const have = Array.isArray(found) ? found : [];
  return ipam_config.flatMap((want, index) => {
    const wishes = Object.entries(want).map(([name, value]) => [name, shownValue(value)] as const);
    const seen = (of: unknown, name: string) =>
      shownValue(member(of, blockNames[name as keyof typeof blockNames]));
    const misses = (of: unknown) => wishes.filter(([name, value]) => seen(of, name) !== value);
    const [nearest] = have.toSorted((one, other) => misses(one).length - misses(other).length);
    return misses(nearest).map(([name, to]) => ({
      attribute: `ipam_config[${index}].${name}`,
      from: seen(nearest, name),
      to,
    }));
  });
}

/** How a network that is there differs: it can only be made anew. */
function differences(want: Arguments, network: Inspected): readonly Change[] {
  const changes: Change[] = [];
  const compare = (attribute: string, to: unknown, from: unknown) => {
    if (to !== undefined && shownValue(from) !== shownValue(to))
      changes.push({ attribute, from: shownValue(from), to: shownValue(to) });
  };
  compare('driver', want.driver ?? 'bridge', member(network, 'Driver'));
  for (const [name, value] of asTexts(want.driver_options))
    compare(`driver_options.${name}`, value, member(network, 'Options', name));
  compare('ipam_driver', want.ipam_driver, member(network, 'IPAM', 'Driver'));
  if (want.ipam_driver_options)
    compare(
      'ipam_driver_options',
      Object.fromEntries(asTexts(want.ipam_driver_options)),
      member(network, 'IPAM', 'Options') ?? {},
    );
  compare('enable_ipv6', want.enable_ipv6, member(network, 'EnableIPv6') ?? false);
  compare('internal', want.internal, member(network, 'Internal') ?? false);
  compare('scope', want.scope, member(network, 'Scope'));
  compare('attachable', want.attachable, member(network, 'Attachable') ?? false);
  for (const [name, value] of asTexts(want.labels))
    compare(`labels.${name}`, value, member(network, 'Labels', name));
  return [...changes, ...blockDifferences(want, network)];
}

function members(network: Inspected): readonly { readonly id: string; readonly name: string }[] {
  const containers = member(network, 'Containers');
  if (containers === null || typeof containers !== 'object') return [];
  return Object.entries(containers).map(([id, one]) => ({ id, name: String(member(one, 'Name')) }));
}

function isMember(container: string, of: readonly { readonly id: string; readonly name: string }[]): boolean {
  return of.some(
    ({ id, name }) => name === container || (container.length >= 12 && id.startsWith(container)),
  );
}

function createCommand(want: Arguments): string {
  const words = ['--driver', want.driver ?? 'bridge', ...optionWords('--opt', want.driver_options)];
  if (want.ipam_driver !== undefined) words.push('--ipam-driver', want.ipam_driver);
  words.push(...optionWords('--ipam-opt', want.ipam_driver_options));
  for (const { subnet, iprange, gateway, aux_addresses } of want.ipam_config ?? []) {
    if (subnet !== undefined) words.push('--subnet', subnet);
    if (iprange !== undefined) words.push('--ip-range', iprange);
    if (gateway !== undefined) words.push('--gateway', gateway);
    words.push(...optionWords('--aux-address', aux_addresses));
  }
  if (want.enable_ipv6) words.push('--ipv6');
  if (want.internal) words.push('--internal');
  if (want.attachable) words.push('--attachable');
  if (want.scope !== undefined) words.push('--scope', want.scope);
  return dockerCommand('network', 'create', ...words, ...optionWords('--label', want.labels), want.name);
}

/** A network of Docker. */
export const dockerNetwork: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'docker_network',
  summary: 'Make or remove a network of Docker, and say which containers are in it',
  schema,
  argumentAliases: {
    name: ['network_name'],
    connected: ['containers'],
    appends: ['incremental'],
    ...dockerAliases,
  },
  effect: 'opaque',
  repeats: ({ force, state }) => force === true && state !== 'absent',
  probe: (want) =>
    dockerProbe(
      inspectScript(want, { network: ['network', want.name] }),
      `the network ${want.name}`,
      (answer) => ({
        network: readInspected(answer, 'network'),
      }),
    ),
  refuse: (_want, { fault }) => (fault === undefined ? [] : [fault]),
  diff(want, { network }) {
    if (want.state === 'absent')
      return network ? [{ attribute: 'network', from: 'present', to: 'absent' }] : [];
    const made: readonly Change[] = network
      ? want.force
        ? [{ attribute: 'network', to: 'made anew' }]
        : differences(want, network)
      : [{ attribute: 'network', from: 'absent', to: 'present' }];
    // A network that is made anew has nobody in it.
    const have = made.length > 0 ? [] : members(network);
    const { connected = [], appends } = want;
    const joins = connected.filter((one) => !isMember(one, have));
    const leaves = appends ? [] : have.filter((one) => !connected.some((name) => isMember(name, [one])));
    return [
      ...made,
      ...joins.map((one): Change => ({ attribute: `container ${one}`, from: 'absent', to: 'connected' })),
      ...leaves.map(
        ({ name }): Change => ({ attribute: `container ${name}`, from: 'connected', to: 'absent' }),
      ),
    ];
  },
  steps(want, changes, { network }) {
    if (changes.length === 0) return [];
    const lines = [dockerPlace(want)];
    const run = (...words: readonly string[]) =>
      lines.push(`${dockerCommand('network', ...words)} >/dev/null || exit 1`);
    const anew = changes.some(({ attribute }) => !attribute.startsWith('container '));
    if (network && anew) {
      // As Ansible: with absent only `force` lets go of those that are still in it.
      if (want.state !== 'absent' || want.force)
        for (const { id } of members(network)) run('disconnect', '-f', want.name, id);
      run('rm', want.name);
    }
    if (want.state !== 'absent') {
      if (anew) lines.push(`${createCommand(want)} >/dev/null || exit 1`);
      for (const { attribute, to } of changes) {
        const [, container] = /^container (.+)$/.exec(attribute) ?? [];
        if (container === undefined) continue;
        if (to === 'connected') run('connect', want.name, container);
        else run('disconnect', '-f', want.name, container);
      }
    }
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result: (_want, { network }) => ({ network: (network ?? {}) as { readonly [key: string]: Json } }),
};
