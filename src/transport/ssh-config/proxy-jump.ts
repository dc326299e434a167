/** One host on the way. */
export interface JumpSpec {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

function parseHop(text: string): JumpSpec {
  const bare = text.trim().replace(/^ssh:\/\//, '');
  const at = bare.lastIndexOf('@');
  const address = /^(?:\[([^\]]+)\]|([^:]*|[^:]*:[^:]*:.*))(?::(\d+))?$/.exec(bare.slice(at + 1));
  const host = address?.[1] ?? address?.[2];
  const port = address?.[3] === undefined ? undefined : Number(address[3]);
  if (!host || at === 0 || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new Error(`'${text}' is not a jump host: write [user@]host[:port]`);
  }
  return {
    host,
    ...(at > 0 && { user: bare.slice(0, at) }),
    ...(port !== undefined && { port }),
  };
}

/** The hosts of a ProxyJump value in the order they are passed; empty for `none`. Throws on other forms. */
export function parseProxyJump(value: string): readonly JumpSpec[] {
  return value.toLowerCase() === 'none' ? [] : value.split(',').map(parseHop);
}
