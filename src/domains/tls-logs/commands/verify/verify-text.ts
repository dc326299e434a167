import { durationText } from '../../../../report/duration-text.ts';
import { counted } from '../../../../report/host-list.ts';
import type { Paint } from '../../../../report/paint.ts';
import { isProven, type VerificationDocument } from './verify-document.ts';

/** What a person reads of the proof: a line for each client, then all in one. Milliseconds. */
export function verificationText(
  { clients, unreachable }: Pick<VerificationDocument, 'clients' | 'unreachable'>,
  duration: number,
  paint: Paint,
): readonly string[] {
  const hosts = new Set(clients.map(({ host }) => host));
  const open = new Set(clients.filter(({ wire }) => wire?.safe === false).map(({ host }) => host));
  const failed = new Set(clients.filter((client) => !client.arrived).map(({ host }) => host));
  const arrived = hosts.size - failed.size;
  const all = hosts.size + unreachable.length;
  const rows = clients.flatMap((client) => {
    const [first = '', ...rest] = client.message.split('\n');
    const word = isProven(client) ? paint('green', 'ok    ') : paint('red', 'FAILED');
    return [`${word}  ${first}`, ...rest.map((line) => `        ${line}`)];
  });
  const off = unreachable.map(
    ({ host, message }) => `${paint('red', 'FAILED')}  ${host} is unreachable: ${message}`,
  );
  const sum =
    all === 0
      ? 'no line was to be sent: the playbook has no task that proves lines of these hosts'
      : arrived === all
        ? `the lines of ${counted(all, 'host')} arrived`
        : `of ${counted(all, 'host')} the lines of ${arrived} arrived`;
  const wire =
    open.size === 0 ? '' : `; of ${counted(open.size, 'host')} not shown to be unreadable on the wire`;
  return [...rows, ...off, `${sum}${wire}; ${durationText(duration)}; nothing was changed`];
}
