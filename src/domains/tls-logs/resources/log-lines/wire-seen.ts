/** What a capture on the log server saw while a line was on its way. */
export interface WireSeen {
  /** `tcpdump` or `perl`; `none` where nothing can capture. */
  readonly tool: string;
  /** With data, to the port of the log server. */
  readonly packets: number;
  readonly bytes: number;
  /** Addresses from which they came. */
  readonly addresses: number;
  /** Packets that the kernel could not hand to the capture. */
  readonly dropped: number;
  /** The lines in the clear were read, the one before and the one after. */
  readonly control: boolean;
  /** What the capture complained of; empty when it did not. */
  readonly trouble: string;
  /** Where the token could be read, as `FROM.PORT>TO.PORT/tcp`. */
  readonly readable: readonly string[];
  /** The same on loopback, within the log server. */
  readonly inside: readonly string[];
}

/** A capture, if there was one, and whether it shows that nobody on the way could read the line. */
export interface ShownWire extends Partial<WireSeen> {
  readonly safe: boolean;
}

/** Splits what `wireScript` says of a token from what `listenScript` does. */
export function readWire(detail: string): { readonly arrival: string; readonly wire: WireSeen | undefined } {
  const [, arrival, words, trouble = ''] = /^(.*) wire=(\S*) (.*)$/.exec(detail) ?? [];
  if (arrival === undefined || words === undefined) return { arrival: detail, wire: undefined };
  const [tool = '', packets, bytes, addresses, dropped, control, where = ''] = words.split(';');
  const places = [...new Set(where.split(',').filter((one) => one !== ''))];
  const within = (place: string): boolean =>
    place
      .replace(/\/\w+$/, '')
      .split('>')
      .every((end) => /^(127\.|::1\.)/.test(end));
  const wire = {
    tool,
    packets: count(packets),
    bytes: count(bytes),
    addresses: count(addresses),
    dropped: count(dropped),
    control: control === 'yes,yes',
    trouble: trouble.trim(),
    readable: places.filter((place) => !within(place)),
    inside: places.filter(within),
  };
  return { arrival, wire };
}

const unknown = 'what went over the wire cannot be shown';

function count(text = ''): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** Why what went over the wire counts as shown to be unreadable, or why not; `host` is the log server. */
export function wireVerdict(
  wire: WireSeen | undefined,
  host: string,
): { readonly safe: boolean; readonly message: string } {
  const unsafe = (message: string) => ({ safe: false, message });
  if (!wire) return unsafe(`${unknown}: the capture on ${host} was cut short`);
  const { tool, packets, bytes, addresses, dropped, control, trouble, readable, inside } = wire;
  if (readable.length > 0)
    return unsafe(`the line could be read on the wire: ${readable.map(way).join('; ')}`);
  if (tool === 'none')
    return unsafe(
      `${unknown}: ${host} has neither tcpdump nor perl to capture with; apt-get install tcpdump there`,
    );
  if (!control)
    return unsafe(
      `${unknown}: ${tool} on ${host} did not read a line in the clear over loopback either${trouble === '' ? '' : `: ${trouble}`}`,
    );
  if (packets === 0)
    return unsafe(`${unknown}: ${tool} on ${host} saw no packet with data on its way to the port`);
  if (dropped > 0)
    return unsafe(
      `${unknown}: ${host} was too busy, ${tool} missed ${dropped} packets; try again when less goes on`,
    );
  const seen = `${packets} packets with ${bytes} bytes from ${addresses === 1 ? 'one address' : `${addresses} addresses`}`;
  const local = inside.length === 0 ? '' : `; in the clear only within ${host}, on loopback`;
  return {
    safe: true,
    message: `not readable on the wire: ${tool} on ${host} saw ${seen}, and read a line in the clear over loopback${local}`,
  };
}

function way(place: string): string {
  const [, from, to, port, protocol] = /^(.*)\.\d+>(.*)\.(\d+)\/(\w+)$/.exec(place) ?? [];
  return from === undefined ? place : `from ${from} to ${to}, ${protocol?.toUpperCase()} port ${port}`;
}
