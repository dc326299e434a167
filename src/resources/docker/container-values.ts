import type { ContainerArguments } from './container-schema.ts';

const units: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
};

/** A size in bytes, as docker keeps it: `64m`, `1GiB`; -1 is unlimited. */
export function bytesOf(value: unknown): string {
  const text = String(value).trim();
  if (text === 'unlimited') return '-1';
  const [, number, unit = 'b'] = /^(-?\d+(?:\.\d+)?)\s*([bkmgtp])?i?b?$/i.exec(text) ?? [];
  return number === undefined ? text : String(Math.round(Number(number) * (units[unit.toLowerCase()] ?? 1)));
}

const spans: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** A time such as `1m30s` in nanoseconds, as docker keeps it. */
export function durationOf(value: string): string {
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)];
  return String(parts.reduce((sum, [, number, unit = 's']) => sum + Number(number) * (spans[unit] ?? 0), 0));
}

/** A bind as it is compared: with its rights, without what they are anyway. */
export function volumeText(volume: string): string {
  const [first = '', target, mode = ''] = volume.split(':');
  if (target === undefined) return first;
  const rights = mode.split(',').filter((one) => one !== '' && one !== 'rw');
  return `${first}:${target.replace(/(?<=.)\/$/, '')}:${['rw', ...rights].filter((one) => one !== 'rw' || !rights.includes('ro')).join(',')}`;
}

/** A device with its place inside and its rights. */
export function deviceText(device: string): string {
  const [on = '', inside, rights] = device.split(':');
  if (rights === undefined && inside !== undefined && /^[rwm]+$/.test(inside)) return `${on}:${on}:${inside}`;
  return `${on}:${inside ?? on}:${rights ?? 'rwm'}`;
}

function range(ports: string | undefined): readonly string[] {
  if (ports === undefined || ports === '') return [''];
  const [from = 0, to = from] = ports.split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

/** A port of the host that leads into a container; `outside` is empty where docker takes any. */
export interface PublishedPort {
  readonly address: string;
  readonly outside: string;
  /** With its protocol. */
  readonly inside: string;
}

/** Published ports one by one: ranges are written out. */
export function publishedPortsOf(ports: readonly string[], address = '0.0.0.0'): readonly PublishedPort[] {
  return ports.flatMap((text) => {
    const [, sixth, fourth, outside, inside = '', protocol = 'tcp'] =
      /^(?:(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+)):)?(?:([\d-]*):)?([\d-]+)(?:\/(\w+))?$/.exec(text) ?? [];
    const outer = range(outside);
    return range(inside).map((port, index) => ({
      address: sixth ?? fourth ?? address,
      outside: outer[index] ?? '',
      inside: `${port}/${protocol}`,
    }));
  });
}

/** A published port in docker's words. */
export function portText({ address, outside, inside }: PublishedPort): string {
  if (address === '') return `${outside}:${inside}`;
  return `${address.includes(':') ? `[${address}]` : address}:${outside}:${inside}`;
}

type Mount = NonNullable<ContainerArguments['mounts']>[number];

/** A mount in docker's words. */
export function mountText(mount: Mount): string {
  const { target, source, type = 'volume', read_only: readOnly } = mount;
  const valued = (name: string, value: unknown) => (value === undefined ? [] : [`${name}=${String(value)}`]);
  const parts = [
    `type=${type}`,
    ...valued('source', source),
    `target=${target}`,
    ...(readOnly ? ['readonly'] : []),
    ...valued('consistency', mount.consistency),
    ...valued('bind-propagation', mount.propagation),
    ...(mount.no_copy ? ['volume-nocopy'] : []),
    ...Object.entries(mount.labels ?? {}).map(([name, value]) => `volume-label=${name}=${String(value)}`),
    ...valued('volume-driver', mount.volume_driver),
    ...Object.entries(mount.volume_options ?? {}).map(
      ([name, value]) => `volume-opt=${name}=${String(value)}`,
    ),
    ...valued('volume-subpath', mount.subpath),
    ...valued('tmpfs-size', mount.tmpfs_size),
    ...valued('tmpfs-mode', mount.tmpfs_mode),
    ...(mount.non_recursive ? ['bind-recursive=disabled'] : []),
    ...(mount.read_only_non_recursive ? ['bind-recursive=writable'] : []),
    ...(mount.read_only_force_recursive ? ['bind-recursive=readonly'] : []),
  ];
  // Words with a comma are quoted, as in CSV.
  return parts.map((part) => (/[",]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join(',');
}
