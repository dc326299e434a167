import { counted } from '../../../../report/host-list.ts';
import { quote } from '../../../../shell/quote.ts';
import type {
  ClientStatus,
  DiskStatus,
  ServerStatus,
  StatusDocument,
  StatusTrouble,
} from './status-document.ts';
import { ageText, bytesText } from './status-text.ts';

/** From when on something counts as wrong. */
export interface StatusLimits {
  /** Hours without a line. */
  readonly silentHours: number;
  /** Days that a certificate has left. */
  readonly warnDays: number;
}

/** Whole commands, as they are typed. */
export interface StatusCommands {
  readonly apply: string;
  readonly verify: string;
  readonly certs: string;
}

// Of a file system; what is less is soon none.
const leastFree = 0.1;

/** All that is wrong with what was seen, hosts in order. */
export function troublesOf(
  {
    servers,
    clients,
    services,
    refused,
    unfinished,
  }: Pick<StatusDocument, 'servers' | 'clients' | 'services' | 'refused' | 'unfinished'>,
  limits: StatusLimits,
  commands: StatusCommands,
): readonly StatusTrouble[] {
  return [
    ...servers.flatMap((server) => hostTroubles(server, limits, commands)),
    ...clients.flatMap((client) => clientTroubles(client, limits, commands)),
    ...services.flatMap(({ host, trouble, disk }) => [
      ...(trouble === undefined ? [] : [{ host, message: trouble, next: commands.apply }]),
      ...diskTroubles(host, "Docker's disk", disk),
    ]),
    ...refused.map(({ host, message }) => ({ host, message, next: commands.apply })),
    ...unfinished.map(({ host, message }) => ({ host, message, next: commands.apply })),
  ];
}

function hostTroubles(
  { host, daemon, daysLeft, disk }: Pick<ServerStatus, 'host' | 'daemon' | 'daysLeft' | 'disk'>,
  { warnDays }: StatusLimits,
  { certs }: StatusCommands,
): readonly StatusTrouble[] {
  const look = `ssh ${quote(host)} systemctl status rsyslog`;
  return [
    ...(daemon === 'active' ? [] : [{ host, message: `rsyslogd does not run (${daemon})`, next: look }]),
    ...(daysLeft === undefined || daysLeft >= warnDays
      ? []
      : [
          {
            host,
            message:
              daysLeft < 0
                ? 'its certificate has ended'
                : `its certificate ends in ${counted(daysLeft, 'day')}`,
            next: certs,
          },
        ]),
    ...diskTroubles(host, 'its disk', disk),
  ];
}

function diskTroubles(host: string, which: string, disk: DiskStatus | undefined): readonly StatusTrouble[] {
  if (!disk || !isFull(disk)) return [];
  const message = `${which} is nearly full: ${bytesText(disk.free)} of ${bytesText(disk.total)} are free`;
  return [{ host, message, next: `ssh ${quote(host)} df -h` }];
}

function clientTroubles(
  client: ClientStatus,
  limits: StatusLimits,
  commands: StatusCommands,
): readonly StatusTrouble[] {
  const { host, server, tlsTrouble, queued, waiting = 0, discarded = 0, lastLine } = client;
  const { verify } = commands;
  const silent = lastLine === undefined || lastLine > limits.silentHours * 3600;
  const since =
    lastLine === undefined
      ? `${server} has no line of it`
      : `its last line came to ${server} ${ageText(lastLine)} ago`;
  return [
    ...hostTroubles(client, limits, commands),
    ...(tlsTrouble === undefined
      ? []
      : [{ host, message: `no safe connection to ${server}: ${tlsTrouble}`, next: verify }]),
    ...(queued > 0
      ? [{ host, message: `${bytesText(queued)} wait on its disk to be sent`, next: verify }]
      : []),
    ...(waiting > 0
      ? [{ host, message: `${counted(waiting, 'line')} in its memory wait to be sent`, next: verify }]
      : []),
    ...(discarded > 0
      ? [
          {
            host,
            message: `${counted(discarded, 'line')} were lost: its queue was full`,
            next: 'raise rsyslog_client_queue_max_disk, then apply',
          },
        ]
      : []),
    ...(silent ? [{ host, message: since, next: verify }] : []),
  ];
}

function isFull({ total, free }: DiskStatus): boolean {
  return total > 0 && free < total * leastFree;
}
