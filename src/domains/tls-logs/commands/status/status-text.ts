import { durationText } from '../../../../report/duration-text.ts';
import { padTo, shorten, textWidth, wrapWords } from '../../../../report/fitted-text.ts';
import { counted } from '../../../../report/host-list.ts';
import type { Output } from '../../../../report/screen.ts';
import type { DiskStatus, StatusDocument } from './status-document.ts';

/** One screen: is my logging healthy? Log servers, clients, what is wrong and what to do, all in one sentence. */
export function statusText(
  document: Pick<StatusDocument, 'servers' | 'clients' | 'services' | 'troubles' | 'unreachable'>,
  duration: number,
  { paint, width }: Pick<Output, 'paint' | 'width'>,
): readonly string[] {
  const { servers, clients, services, troubles, unreachable } = document;
  const bad = new Set([...troubles, ...unreachable].map(({ host }) => host));
  const named = (host: string): Cell => ({ text: host, style: bad.has(host) ? 'red' : 'bold' });
  const plain = (text: string): Cell => ({ text });
  const several = new Set(clients.map(({ server }) => server)).size > 1;
  const serverRows = servers.map(({ host, daemon, daysLeft, disk, encryption = 'none' }) => [
    named(host),
    plain(daemon),
    plain(daysText(daysLeft)),
    plain(diskText(disk)),
    plain(encryption === 'none' ? 'in the clear' : encryption),
  ]);
  const clientRows = clients.map(
    ({ host, server, lastLine, tls, cipher, queued, waiting, daysLeft, disk }) => [
      named(host),
      ...(several ? [plain(server)] : []),
      plain(lastLine === undefined ? 'none' : ageText(lastLine)),
      plain(tls ?? 'none'),
      plain(queueText(queued, waiting)),
      plain(daysText(daysLeft)),
      plain(diskText(disk)),
      plain(cipher ?? ''),
    ],
  );
  const serviceRows = services.map(({ host, service, state, runsFor, lastData, disk }) => [
    named(host),
    plain(service),
    plain(state),
    plain(runsFor === undefined ? '-' : ageText(runsFor)),
    plain(lastData === undefined ? '-' : ageText(lastData)),
    plain(diskText(disk)),
  ]);
  const head = [
    'log client',
    ...(several ? ['sends to'] : []),
    'last line',
    'TLS',
    'queue',
    'certificate',
    'disk free',
    'cipher',
  ];
  const table = (titles: readonly string[], rows: readonly (readonly Cell[])[]): readonly string[] =>
    rows.length === 0 ? [] : [...tableLines(titles, rows, { paint, width }), ''];
  return [
    ...table(['log server', 'rsyslogd', 'certificate', 'disk free', 'files on disk'], serverRows),
    ...table(head, clientRows),
    ...table(['host', 'service', 'state', 'runs for', 'last data', 'disk free'], serviceRows),
    ...troubles.flatMap(({ host, message, next }) => [
      ...hanging(paint('red', 'wrong'), `${host}: ${message}`, width),
      ...wrapWords(`next: ${next}`, width - 7).map((line) => `       ${line}`),
    ]),
    ...unreachable.flatMap(({ host, message }) =>
      hanging(paint('red', 'lost '), `${host}: ${message}`, width),
    ),
    ...(bad.size > 0 ? [''] : []),
    ...sumLines(document, duration, { paint, width }),
  ];
}

// A word of five columns, and beside it text that goes on below itself.
function hanging(word: string, text: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrapWords(text, width - 7);
  return [`${word}  ${first}`, ...rest.map((line) => `       ${line}`)];
}

// The first words are painted once the lines are known: escape sequences have no width.
function sumLines(
  { servers, clients, services, troubles, unreachable }: Parameters<typeof statusText>[0],
  duration: number,
  { paint, width }: Pick<Output, 'paint' | 'width'>,
): readonly string[] {
  const hosts = new Set(clients.map(({ host }) => host));
  const end = `; ${durationText(duration)}; nothing was changed`;
  if (hosts.size + services.length + troubles.length + unreachable.length === 0)
    return wrapWords(
      `nothing was looked at: the playbook has no log_line and watches no service on these hosts${end}`,
      width,
    );
  const logs = hosts.size + servers.length > 0;
  const counts = [
    ...(logs ? [counted(hosts.size, 'log client'), counted(servers.length, 'log server')] : []),
    ...(services.length > 0 ? [counted(services.length, 'service')] : []),
  ].join(', ');
  const wrong = new Set([...troubles, ...unreachable].map(({ host }) => host));
  const [word, style, what] =
    wrong.size === 0
      ? (['healthy', 'green', counts] as const)
      : ([
          'not healthy',
          'red',
          [`look at ${[...wrong].join(', ')}`, counts].filter(Boolean).join('; '),
        ] as const);
  const [first = '', ...rest] = wrapWords(`${word}: ${what}${end}`, width);
  return [first.replace(word, paint(style, word)), ...rest];
}

interface Cell {
  readonly text: string;
  readonly style?: 'red' | 'bold';
}

// The last column has what is left of the width, or goes where there is too little.
function tableLines(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  { paint, width }: Pick<Output, 'paint' | 'width'>,
): readonly string[] {
  const widths = titles.map((title, column) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[column]?.text ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const left = width - before;
  const shown = left < 10 ? titles.length - 1 : titles.length;
  const line = (cells: readonly Cell[]): string =>
    cells
      .slice(0, shown)
      .map(({ text, style }, column) => {
        const fitted = column === titles.length - 1 ? shorten(text, left) : padTo(text, widths[column] ?? 0);
        return style ? paint(style, fitted) : fitted;
      })
      .join('  ')
      .trimEnd();
  return [paint('dim', line(titles.map((text) => ({ text })))), ...rows.map(line)];
}

// Lines in memory and bytes on disk; where the former are not counted nobody knows of none.
function queueText(queued: number, waiting: number | undefined): string {
  const parts = [...(waiting ? [counted(waiting, 'line')] : []), ...(queued > 0 ? [bytesText(queued)] : [])];
  if (parts.length > 0) return parts.join(', ');
  return waiting === undefined ? '-' : 'empty';
}

function daysText(days: number | undefined): string {
  if (days === undefined) return '-';
  return days < 0 ? 'ended' : counted(days, 'day');
}

function diskText(disk: DiskStatus | undefined): string {
  return disk ? `${bytesText(disk.free)} of ${bytesText(disk.total)}` : '-';
}

/** Bytes as a person reads them: `812 B`, `3.4 MB`, `120 GB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Seconds as a person reads how long ago something was: `4 s`, `12 min`, `3 h`, `2 days`. */
export function ageText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
