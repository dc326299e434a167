import { isIPv6 } from 'node:net';

/** A host as an inventory writes it, without its port. */
interface WrittenHost {
  readonly name: string;
  readonly port?: number;
}

/** Takes the port off a written host: `web`, `web[1:3]:2222`, `[fd00::1]:2222`. An IPv6 address without brackets has none. */
export function hostAndPort(written: string): WrittenHost {
  const [, address, portOfAddress] = /^\[([^\]]+)\]:(\d{1,5})$/.exec(written) ?? [];
  if (address !== undefined && isIPv6(address)) return { name: address, port: Number(portOfAddress) };
  const [, name, port] = /^((?:[^:[\]]|\[[^\]]*\])+):(\d{1,5})$/.exec(written) ?? [];
  return name === undefined ? { name: written } : { name, port: Number(port) };
}
