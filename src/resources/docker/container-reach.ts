import { portText, publishedPortsOf } from './container-values.ts';
import { member } from './docker-client.ts';
import type { ContainerOption } from './option-shapes.ts';

const anyAddress = '0.0.0.0';

const publishedPorts: ContainerOption = {
  name: 'published_ports',
  shape: 'set',
  wanted: ({ published_ports: ports, default_host_ip: address }) =>
    ports === undefined || ports.includes('all')
      ? undefined
      : publishedPortsOf(ports, address || anyAddress).map(portText),
  found: (have) =>
    Object.entries(Object(member(have, 'HostConfig', 'PortBindings') ?? {})).flatMap(([inside, bindings]) =>
      (Array.isArray(bindings) ? bindings : []).map((one) => {
        const outside = String(member(one, 'HostPort') ?? '').replace(/^0$/, '');
        return portText({ address: String(member(one, 'HostIp') || anyAddress), outside, inside });
      }),
    ),
  words: ({ published_ports: ports = [], default_host_ip: address }) =>
    ports.includes('all')
      ? ['--publish-all']
      : publishedPortsOf(ports, address).flatMap((one) => ['--publish', portText(one)]),
};

const networkMode: ContainerOption = {
  name: 'network_mode',
  shape: 'value',
  // docker keeps the identity of a container whose network is shared, not its name.
  wanted: ({ network_mode: mode }) =>
    mode === undefined
      ? undefined
      : [mode === 'default' ? 'bridge' : mode.replace(/^container:.*/, 'container')],
  found: (have) => {
    const mode = String(member(have, 'HostConfig', 'NetworkMode') ?? 'bridge');
    return [mode === 'default' ? 'bridge' : mode.replace(/^container:.*/, 'container')];
  },
  words: ({ network_mode: mode = 'bridge' }) => ['--network', mode],
};

/** How a container is reached: its ports, and the network that it is made in. */
export const reachOptions: readonly ContainerOption[] = [publishedPorts, networkMode];
