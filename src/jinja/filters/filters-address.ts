import { TemplateError } from '../values/template-error.ts';
import { textOf, truthy } from '../values/value.ts';
import { type FilterTable, filter } from './filters-definition.ts';
import { bitsOf, type IpAddress, ipText, isInside, networkOf, readIpAddress } from './ip-address.ts';

type Networks = () => readonly IpAddress[];

// Read when the first address is asked about: most runs ask about none.
function networks(texts: string): Networks {
  let read: readonly IpAddress[] | undefined;
  return () => {
    read ??= texts.split(' ').flatMap((text) => readIpAddress(text) ?? []);
    return read;
  };
}

// The registries of IANA for special purposes, as ansible.utils reads them.
const local = networks(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 ' +
    '198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 ::/128 ::1/128 ::ffff:0:0/96 64:ff9b:1::/48 100::/64 ' +
    '2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10',
);
const global = networks(
  '192.0.0.9/32 192.0.0.10/32 2001:1::1/128 2001:1::2/128 2001:3::/32 2001:4:112::/48 2001:20::/28 2001:30::/28',
);
const multicast = networks('224.0.0.0/4 ff00::/8');
const linkLocal = networks('169.254.0.0/16 fe80::/10');
const loopback = networks('127.0.0.0/8 ::1/128');

const within = (address: IpAddress, those: Networks) =>
  those().some((one) => isInside({ ...address, prefix: bitsOf(address) }, one));
const isLocal = (address: IpAddress) => within(address, local) && !within(address, global);
const isMulticast = (address: IpAddress) => within(address, multicast);

/** One address, in the parts of which answers are made. */
interface Parts {
  readonly address: IpAddress;
  /** As it was given. */
  readonly written: string;
  readonly first: bigint;
  readonly size: bigint;
  text(value?: bigint): string;
  readonly mask: bigint;
}

function partsOf(address: IpAddress, given: unknown): Parts {
  const { version, value, prefix } = address;
  const text = (which = value) => ipText(version, which);
  const { first, size } = networkOf(address);
  const written = typeof given === 'string' ? given : `${text()}/${prefix}`;
  return { address, written, first, size, text, mask: (1n << BigInt(bitsOf(address))) - size };
}

// A host in its network: nothing of the network alone, in which of two addresses each is one.
function hostOf({ address, first, size, text }: Parts): string | null {
  const isHost = size === 1n || address.value !== first || (size === 2n && address.version === 4);
  return isHost ? `${text()}/${address.prefix}` : null;
}

function whole(value: bigint): number {
  if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
  throw new TemplateError(`${value} is larger than the numbers of templates`);
}

function usable(parts: Parts): readonly [first: bigint, last: bigint] | undefined {
  if (!parts.address.given) throw new TemplateError(`'${parts.written}' is not a network address`);
  const { first, size } = parts;
  if (size === 1n) return undefined;
  return size === 2n ? [first, first + 1n] : [first + 1n, first + size - 2n];
}

const ifTrue = (holds: (address: IpAddress) => boolean) => (parts: Parts) =>
  holds(parts.address) ? parts.written : null;
const prefixed = ({ address: { given }, size }: Parts) => given && size > 1n;

type Query = (parts: Parts) => unknown;

const address: Query = (parts) =>
  parts.address.version === 6 || hostOf(parts) !== null ? parts.text() : null;
const subnet: Query = ({ address: { prefix }, first, text }) => `${text(first)}/${prefix}`;
const hostmask: Query = ({ size, text }) => text(size - 1n);
const hostOrFalse: Query = (parts) => hostOf(parts) ?? false;
const cidr: Query = ({ address: { prefix }, text }) => `${text()}/${prefix}`;

const queries: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['', (parts) => (parts.address.given ? cidr(parts) : parts.text())],
  ['address', address],
  ['ip', address],
  ['address/prefix', hostOrFalse],
  ['host/prefix', hostOrFalse],
  ['gateway', hostOrFalse],
  ['bool', () => true],
  ['broadcast', ({ first, size, text }) => (size > 2n ? text(first + size - 1n) : null)],
  ['cidr', cidr],
  ['first_usable', (parts) => firstOf(parts, 0)],
  ['last_usable', (parts) => firstOf(parts, 1)],
  ['range_usable', (parts) => (usable(parts) ? `${firstOf(parts, 0)}-${firstOf(parts, 1)}` : null)],
  ['host', hostOf],
  ['hostmask', hostmask],
  ['wildcard', hostmask],
  ['int', ({ address: { value, given, prefix } }) => (given ? `${value}/${prefix}` : whole(value))],
  ['ip/prefix', (parts) => (prefixed(parts) ? hostOf(parts) : null)],
  [
    'ip_netmask',
    (parts) =>
      prefixed(parts) && hostOf(parts) !== null ? `${parts.text()} ${parts.text(parts.mask)}` : null,
  ],
  ['link-local', ifTrue((one) => within(one, linkLocal))],
  ['loopback', ifTrue((one) => within(one, loopback))],
  ['multicast', ifTrue(isMulticast)],
  ['unicast', ifTrue((one) => !isMulticast(one))],
  ['private', ifTrue((one) => isLocal(one) && !isMulticast(one))],
  ['public', ifTrue((one) => !isLocal(one) && !isMulticast(one))],
  ['net', (parts) => (parts.size > 1n && parts.address.value === parts.first ? subnet(parts) : null)],
  ['netmask', ({ mask, text }) => text(mask)],
  ['network', ({ first, text }) => text(first)],
  ['network/prefix', subnet],
  ['subnet', subnet],
  ['prefix', ({ address: { prefix } }) => prefix],
  ['size', ({ size }) => whole(size)],
  ['size_usable', ({ size }) => whole(size === 1n ? 0n : size === 2n ? 2n : size - 2n)],
  ['type', ({ address: { value }, first, size }) => (size > 1n && value === first ? 'network' : 'address')],
  ['version', ({ address: { version } }) => version],
  ['wrap', wrapped],
]);

function firstOf(parts: Parts, index: 0 | 1): string | null {
  const range = usable(parts);
  return range ? parts.text(range[index]) : null;
}

function wrapped({ address: { version, given, prefix }, written, text }: Parts): string {
  if (version === 4) return written;
  return given ? `[${text()}]/${prefix}` : `[${text()}]`;
}

// `ipaddr('1')` is the first address behind that of the network, `ipaddr('-1')` the last of all.
function counted(parts: Parts, index: bigint): unknown {
  const { address, first, size, text } = parts;
  if (size === 1n) return address.given ? cidr(parts) : text();
  const at = index < 0n ? size + index : index;
  return at >= 0n && at < size ? `${text(first + at)}/${address.prefix}` : false;
}

function answer(value: unknown, query: string, version: 4 | 6 | undefined, name: string): unknown {
  if (Array.isArray(value)) return value.map((one) => answer(one, query, version, name)).filter(truthy);
  const found = readIpAddress(value);
  if (!found || (version !== undefined && found.version !== version)) return false;
  const parts = partsOf(found, value);
  const known = queries.get(query);
  if (known) return known(parts);
  if (/^-?\d+$/.test(query)) return counted(parts, BigInt(query));
  const network = readIpAddress(query);
  if (network) return isInside(found, network) ? parts.written : null;
  throw new TemplateError(`${name} does not know '${query}'`, undefined, {
    hint: `use one of: ${[...queries.keys()].filter(Boolean).join(' ')}`,
  });
}

const queried = (name: string, version?: 4 | 6) =>
  filter(['query?'], (value, [query]) =>
    answer(value, query === undefined ? '' : textOf(query), version, name),
  );

const isAddress = (version?: 4 | 6) =>
  filter([], (value) => {
    const found = readIpAddress(value);
    return found !== undefined && !found.given && (version === undefined || found.version === version);
  });

function integer(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new TemplateError('counting addresses needs a whole number');
}

const plainFilters: FilterTable = {
  ipaddr: queried('ipaddr'),
  ipv4: queried('ipv4', 4),
  ipv6: queried('ipv6', 6),
  // What is no address stays as it is.
  ipwrap: filter([], (value) => {
    const wrap = (one: unknown) => (readIpAddress(one) ? answer(one, 'wrap', undefined, 'ipwrap') : one);
    return Array.isArray(value) ? value.map(wrap) : wrap(value);
  }),
  ipmath: filter(['amount'], (value, [amount]) => {
    const found = readIpAddress(value);
    if (!found) throw new TemplateError(`'${textOf(value)}' is not an address`);
    return ipText(found.version, found.value + integer(amount));
  }),
  nthhost: filter(['query'], (value, [index]) => {
    const found = readIpAddress(value);
    if (!found?.given) return false;
    const { first, size } = networkOf(found);
    const at = integer(index) < 0n ? size + integer(index) : integer(index);
    return at >= 0n && at < size && ipText(found.version, first + at);
  }),
};

const plainTests: FilterTable<boolean> = {
  ip_address: isAddress(),
  ipv4_address: isAddress(4),
  ipv6_address: isAddress(6),
};

// The collections that have them.
function ofCollections<Result>(
  table: FilterTable<Result>,
  collections: readonly string[],
): FilterTable<Result> {
  const long = collections.flatMap((collection) =>
    Object.entries(table).map(([name, found]) => [`${collection}.${name}`, found] as const),
  );
  return Object.fromEntries(long);
}

/** Filters for addresses of networks, as the collection ansible.utils has them. */
export const addressFilters: FilterTable = {
  ...plainFilters,
  ...ofCollections(plainFilters, ['ansible.utils', 'ansible.netcommon']),
};

/** Tests for addresses of networks. */
export const addressTests: FilterTable<boolean> = ofCollections(plainTests, ['ansible.utils']);
