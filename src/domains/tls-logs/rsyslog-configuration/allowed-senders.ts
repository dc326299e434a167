import { BlockList, isIP } from 'node:net';

/** A host that sends, with every address that it may send from. */
export interface Sender {
  readonly host: string;
  readonly addresses: readonly string[];
}

/** The hosts of which no address is on a list of allowed senders; names on the list may mean anybody, and exclude nobody. */
export function excludedSenders(allowed: readonly string[], senders: readonly Sender[]): readonly Sender[] {
  if (allowed.length === 0) return [];
  const list = new BlockList();
  for (const entry of allowed) {
    const [, address = '', bits] = /^\[?([^\]/]*)\]?(?:\/(\d+))?$/.exec(entry) ?? [];
    const version = isIP(address);
    if (version === 0) return [];
    const family = version === 4 ? 'ipv4' : 'ipv6';
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    if (prefix > most) return [];
    list.addSubnet(address, prefix, family);
  }
  // Of a host without a known address nothing can be said.
  return senders.filter(
    ({ addresses }) =>
      addresses.length > 0 &&
      addresses.every((one) => isIP(one) !== 0 && !list.check(one, isIP(one) === 4 ? 'ipv4' : 'ipv6')),
  );
}
