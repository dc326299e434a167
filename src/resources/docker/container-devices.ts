import { deviceText } from './container-values.ts';
import { member } from './docker-client.ts';
import { type ContainerOption, members, several } from './option-shapes.ts';

/** Devices of the host. */
export const devices: ContainerOption = {
  ...several('devices', '--device', [], deviceText),
  found: (have) =>
    members(have, 'Devices').map((one) =>
      ['PathOnHost', 'PathInContainer', 'CgroupPermissions']
        .map((name) => String(member(one, name)))
        .join(':'),
    ),
};

/** Devices that a driver hands out, as graphics cards are. */
export const deviceRequests: ContainerOption = {
  name: 'device_requests',
  shape: 'set',
  wanted: ({ device_requests: wanted }) =>
    wanted?.map(({ driver = '', count = 0, device_ids: ids = [], capabilities = [], options = {} }) =>
      JSON.stringify([driver, count, ids, capabilities, options]),
    ),
  found: (have) =>
    members(have, 'DeviceRequests').map((one) =>
      JSON.stringify([
        member(one, 'Driver') ?? '',
        member(one, 'Count') ?? 0,
        member(one, 'DeviceIDs') ?? [],
        member(one, 'Capabilities') ?? [],
        member(one, 'Options') ?? {},
      ]),
    ),
  words: ({ device_requests: wanted = [] }) =>
    wanted.flatMap(({ driver, count, device_ids: ids, capabilities = [], options = {} }) => {
      const extra = Object.entries(options).map(([name, value]) => `${name}=${String(value)}`);
      const parts = [
        ...(count === undefined || ids !== undefined ? [] : [`count=${count === -1 ? 'all' : count}`]),
        ...(ids === undefined ? [] : [`"device=${ids.join(',')}"`]),
        ...(driver === undefined ? [] : [`driver=${driver}`]),
        ...capabilities.map((one) => `"capabilities=${one.join(',')}"`),
        ...(extra.length === 0 ? [] : [`"options=${extra.join(',')}"`]),
      ];
      return ['--gpus', parts.join(',')];
    }),
};
