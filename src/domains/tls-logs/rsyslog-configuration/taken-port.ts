import type { Listener } from './configured.ts';
import { placeText } from './statement.ts';

/** A port that is to be listened on, and the variable that says which. */
export interface WantedPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Empty for every address. */
  readonly address: string;
  readonly variable: string;
}

/** A socket of another program, as `ss` shows it. */
export interface OpenSocket {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly address: string;
  readonly program: string;
}

/** Who has a port already: another file of rsyslog's, or another program. */
export function takenPort(
  wanted: WantedPort,
  listeners: readonly Listener[],
  sockets: readonly OpenSocket[],
): readonly string[] {
  const { protocol, port, variable } = wanted;
  const name = `${protocol.toUpperCase()} port ${port}`;
  const same = (one: { protocol: string; port: string | number; address: string }) =>
    one.protocol === protocol && String(one.port) === String(port) && overlap(one.address, wanted.address);
  const configured = listeners
    .filter(same)
    .map(
      ({ at }) =>
        `${placeText(at)} has rsyslogd listen on ${name} already: set ${variable} to another port, or take that line out`,
    );
  const programs = new Set(
    sockets.filter((one) => same(one) && one.program !== 'rsyslogd').map(({ program }) => program),
  );
  return [
    ...configured,
    ...[...programs].map(
      (program) =>
        `${name} is taken by ${program || 'another program'}: set ${variable} to another port, or stop that program`,
    ),
  ];
}

function overlap(one: string, other: string): boolean {
  const every = ['', '*', '0.0.0.0', '::', '[::]'];
  return every.includes(one) || every.includes(other) || one === other;
}

/** Reads what `ss -Hltunp` prints. */
export function readSockets(text: string): readonly OpenSocket[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , , local = ''] = line.trim().split(/\s+/);
    const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(local) ?? [];
    if ((protocol !== 'tcp' && protocol !== 'udp') || port === '') return [];
    const program = /users:\(\("([^"]*)"/.exec(line)?.[1] ?? '';
    return [{ protocol, port: Number(port), address: address.replace(/%.*$/, ''), program }];
  });
}
