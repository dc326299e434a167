import { isIPv4, isIPv6 } from 'node:net';

/** An address, perhaps with the length of its network's prefix. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
  /** As long as the address where none was given. */
  readonly prefix: number;
  /** A prefix or a mask stood behind it. */
  readonly given: boolean;
}

/** How many bits an address has. */
export function bitsOf({ version }: Pick<IpAddress, 'version'>): number {
  return version === 4 ? 32 : 128;
}

function valueOf4(text: string): bigint {
  return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function valueOf6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const low = dotted ? valueOf4(dotted[2] ?? '') : 0n;
  const plain = dotted ? `${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}` : text;
  const [head = '', tail] = plain.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  );
}

function prefixOf(version: 4 | 6, text: string): number | undefined {
  const bits = bitsOf({ version });
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bits ? Number(text) : undefined;
  if (!(version === 4 ? isIPv4(text) : isIPv6(text))) return undefined;
  const mask = version === 4 ? valueOf4(text) : valueOf6(text);
  const ones = mask.toString(2).replace(/0+$/, '');
  const whole = mask === 0n ? 0 : mask.toString(2).length === bits && !ones.includes('0') ? ones.length : -1;
  return whole < 0 ? undefined : whole;
}

/** Reads an address, or one with `/` and a prefix or mask; undefined for anything else. A number is one of IPv4 while it fits. */
export function readIpAddress(given: unknown): IpAddress | undefined {
  if (typeof given === 'number') {
    if (!Number.isSafeInteger(given) || given < 0) return undefined;
    const version = given < 2 ** 32 ? 4 : 6;
    return { version, value: BigInt(given), prefix: bitsOf({ version }), given: false };
  }
  if (typeof given !== 'string') return undefined;
  const [text = '', mask] = given.split(/\/(.*)/s);
  const version = isIPv4(text) ? 4 : isIPv6(text) && !text.includes('%') ? 6 : undefined;
  if (version === undefined) return undefined;
  const prefix = mask === undefined ? bitsOf({ version }) : prefixOf(version, mask);
  if (prefix === undefined) return undefined;
  return {
    version,
    value: version === 4 ? valueOf4(text) : valueOf6(text),
    prefix,
    given: mask !== undefined,
  };
}

/** An address as it is written: of IPv6 the longest run of zeros left out. */
export function ipText(version: 4 | 6, value: bigint): string {
  const parts = (count: number, bits: bigint) =>
    Array.from(
      { length: count },
      (_, index) => (value >> (BigInt(count - 1 - index) * bits)) & ((1n << bits) - 1n),
    );
  if (version === 4) return parts(4, 8n).join('.');
  if (value >> 32n === 0xffffn) return `::ffff:${ipText(4, value & 0xffffffffn)}`;
  if (value >> 32n === 0n && value > 0xffffn) return `::${ipText(4, value)}`;
  const whole = parts(8, 16n)
    .map((group) => group.toString(16))
    .join(':');
  const runs = [...whole.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].toSorted(
    ([one], [other]) => other.length - one.length,
  );
  const [run] = runs;
  if (!run) return whole;
  const after = whole.slice(run.index + run[0].length);
  return `${whole.slice(0, run.index)}::${after.replace(/^:/, '')}`;
}

/** The first address of the network, and how many there are. */
export function networkOf(address: IpAddress): { readonly first: bigint; readonly size: bigint } {
  const size = 1n << BigInt(bitsOf(address) - address.prefix);
  return { first: address.value - (address.value % size), size };
}

/** Whether all of the one is in the network of the other. */
export function isInside(inner: IpAddress, outer: IpAddress): boolean {
  if (inner.version !== outer.version || inner.prefix < outer.prefix) return false;
  const { first, size } = networkOf(outer);
  return inner.value >= first && inner.value < first + size;
}
