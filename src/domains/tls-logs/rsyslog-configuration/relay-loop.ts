/** A log server that another one relays to, as rsyslog_server_relay_to names it. */
export interface RelayTarget {
  readonly target: string;
  readonly host?: string;
}

/** What the inventory says of a host: by what names others reach it, and whom it relays to. */
export interface RelayHost {
  readonly name: string;
  /** Addresses and DNS names, as far as they are known. */
  readonly names: readonly string[];
  readonly relaysTo: readonly RelayTarget[];
}

/**
 * The way on which lines that a host relays come back to it, from host to host; [] when they do not, as far as the inventory knows.
 * @param start where lines arrive
 * @param senders hosts that send their log there: a line that is relayed to one of them goes back to where it came from
 */
export function relayLoop(
  start: string,
  senders: readonly string[],
  hosts: readonly RelayHost[],
): readonly string[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const reached = ({ target, host }: RelayTarget) =>
    host ?? hosts.find(({ name, names }) => name === target || names.includes(target))?.name;
  const follow = (name: string, way: readonly string[]): readonly string[] => {
    for (const target of byName.get(name)?.relaysTo ?? []) {
      const next = reached(target);
      if (next === undefined) continue;
      if (next === start) return [...way, next];
      if (way.length === 1 && senders.includes(next)) return [...way, next, start];
      if (way.includes(next)) continue;
      const found = follow(next, [...way, next]);
      if (found.length > 0) return found;
    }
    return [];
  };
  return follow(start, [start]);
}
