import type { Json } from '../resource.ts';

type Facts = { readonly [key: string]: Json };

interface Address {
  readonly device: string;
  readonly family: 'inet' | 'inet6';
  readonly address: string;
  readonly prefix: number;
  readonly scope: string;
  readonly broadcast: string;
}

function readAddresses(text: string): readonly Address[] {
  return text.split('\n').flatMap((line) => {
    const [, device = '', family, address = '', prefix] =
      /^\d+: (\S+)\s+(inet6?) ([^/\s]+)(?:\/(\d+))?/.exec(line) ?? [];
    if (family !== 'inet' && family !== 'inet6') return [];
    const word = (name: string) => new RegExp(` ${name} (\\S+)`).exec(line)?.[1] ?? '';
    const bits = prefix === undefined ? (family === 'inet' ? 32 : 128) : Number(prefix);
    return [{ device, family, address, prefix: bits, scope: word('scope'), broadcast: word('brd') }];
  });
}

function netmask(prefix: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - start)))).join('.');
}

function network(address: string, prefix: number): string {
  const mask = netmask(prefix).split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => Number(part) & (mask[index] ?? 0))
    .join('.');
}

function ipv4({ address, prefix, broadcast }: Address): Facts {
  return {
    address,
    broadcast,
    netmask: netmask(prefix),
    network: network(address, prefix),
    prefix: String(prefix),
  };
}

function ipv6({ address, prefix, scope }: Address): Facts {
  return { address, prefix: String(prefix), scope };
}

function word(line: string, name: string): string | undefined {
  return new RegExp(`(?:^| )${name} (\\S+)`).exec(line)?.[1];
}

function defaultRoute(
  part: (name: string) => string,
  family: 'inet' | 'inet6',
  all: readonly Address[],
): Facts {
  // The kernel lists the route it prefers first.
  const [route = ''] = part(family === 'inet' ? 'route4' : 'route6').split('\n');
  if (route === '') return {};
  const device = word(route, 'dev');
  const source = word(route, 'src');
  const gateway = word(route, 'via');
  const own = all.filter((one) => one.device === device && one.family === family);
  const found =
    own.find(({ address }) => address === source) ?? own.find(({ scope }) => scope === 'global') ?? own[0];
  if (!found || device === undefined) return {};
  return {
    interface: device,
    ...(gateway !== undefined && { gateway }),
    ...(family === 'inet' ? ipv4(found) : ipv6(found)),
  };
}

/** Interfaces, their addresses and the ways out; without the `ip` tool only the interfaces. */
export function networkFacts(part: (name: string) => string): Facts {
  const addresses = readAddresses(part('address'));
  const links = part('links')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
  const facts: Record<string, Json> = {};
  for (const [device = '', mac = '', mtu, state] of links) {
    const own = addresses.filter((one) => one.device.replace(/@.*/, '') === device);
    const [first, ...secondary] = own.filter(({ family }) => family === 'inet').map(ipv4);
    const six = own.filter(({ family }) => family === 'inet6').map(ipv6);
    // As Ansible spells a device in a name: dashes, dots and colons become underscores.
    facts[device.replace(/[-.:]/g, '_')] = {
      device,
      active: state === 'up' || device === 'lo',
      macaddress: mac,
      mtu: Number(mtu),
      ...(first && { ipv4: first }),
      ...(secondary.length > 0 && { ipv4_secondaries: secondary }),
      ...(six.length > 0 && { ipv6: six }),
    };
  }
  const outside = (family: Address['family']) =>
    addresses.filter((one) => one.family === family && one.device !== 'lo').map(({ address }) => address);
  const macs = new Map(links.map(([device = '', mac = '']) => [device, mac]));
  const four = defaultRoute(part, 'inet', addresses);
  const six = defaultRoute(part, 'inet6', addresses);
  const mac = (route: Facts) => (typeof route.interface === 'string' ? macs.get(route.interface) : undefined);
  return {
    ...facts,
    interfaces: links.map(([device = '']) => device),
    all_ipv4_addresses: outside('inet'),
    all_ipv6_addresses: outside('inet6'),
    default_ipv4: mac(four) === undefined ? four : { ...four, macaddress: mac(four) ?? '' },
    default_ipv6: mac(six) === undefined ? six : { ...six, macaddress: mac(six) ?? '' },
  };
}
