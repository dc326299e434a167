import { mountText, volumeText } from './container-values.ts';
import { member } from './docker-client.ts';
import { type ContainerOption, listed } from './option-shapes.ts';

const volumes: ContainerOption = {
  name: 'volumes',
  shape: 'set',
  wanted: ({ volumes: wanted }) => wanted?.map(volumeText),
  found: (have) => [
    ...listed(member(have, 'HostConfig', 'Binds')).map(volumeText),
    ...Object.keys(Object(member(have, 'Config', 'Volumes') ?? {})),
  ],
  words: ({ volumes: wanted = [] }) => wanted.flatMap((one) => ['--volume', one]),
};

const mounts: ContainerOption = {
  name: 'mounts',
  shape: 'set',
  wanted: ({ mounts: wanted }) =>
    wanted?.map(({ target, source = '', type = 'volume', read_only = false }) =>
      [type, source, target, read_only ? 'ro' : 'rw'].join(' '),
    ),
  found: (have) => {
    const list = member(have, 'HostConfig', 'Mounts');
    return (Array.isArray(list) ? list : []).map((one) =>
      [
        member(one, 'Type'),
        member(one, 'Source') ?? '',
        member(one, 'Target'),
        member(one, 'ReadOnly') ? 'ro' : 'rw',
      ].join(' '),
    );
  },
  words: ({ mounts: wanted = [] }) => wanted.flatMap((one) => ['--mount', mountText(one)]),
};

/** What of the host, or of docker's volumes, a container sees as its files. */
export const storageOptions: readonly ContainerOption[] = [volumes, mounts];
