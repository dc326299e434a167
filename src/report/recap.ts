import type { HostRecap } from '../runner/events.ts';
import { durationText } from './duration-text.ts';
import { padTo, textWidth } from './fitted-text.ts';
import { counted, hostList } from './host-list.ts';
import type { Paint, Style } from './paint.ts';

type Recaps = Readonly<Record<string, HostRecap>>;

const always = ['ok', 'changed', 'skipped', 'failed', 'unreachable'] as const;
const sometimes = ['rescued', 'ignored', 'unknown'] as const;

const styles: Readonly<Record<string, Style>> = {
  ok: 'green',
  changed: 'yellow',
  failed: 'red',
  unreachable: 'red',
  unknown: 'magenta',
};

/** A table of counts, a line for each host: `h1  ok=14  changed=0  skipped=3  failed=0  unreachable=0  1.2 s`. */
export function recapTable(hosts: Recaps, paint: Paint): readonly string[] {
  const rows = Object.entries(hosts);
  const words = [...always, ...sometimes.filter((word) => rows.some(([, recap]) => recap[word] > 0))];
  const cells = rows.map(([, recap]) => words.map((word) => `${word}=${Number(recap[word])}`));
  const widths = words.map((_, column) => Math.max(...cells.map((row) => textWidth(row[column] ?? ''))));
  const nameWidth = Math.max(4, ...rows.map(([host]) => textWidth(host)));
  const times = rows.map(([, recap]) => durationText(recap.duration));
  const timeWidth = Math.max(...times.map(textWidth));
  return rows.map(([host, recap], row) => {
    const counts = words.map((word, column) => {
      const style = Number(recap[word]) === 0 ? 'dim' : styles[word];
      const cell = padTo(cells[row]?.[column] ?? '', widths[column] ?? 0);
      return style ? paint(style, cell) : cell;
    });
    const broken = recap.failed > 0 || recap.unreachable;
    const name = paint(broken ? 'red' : 'bold', padTo(host, nameWidth));
    return [name, ...counts, (times[row] ?? '').padStart(timeWidth)].join('  ');
  });
}

/** What the run cost in round trips, hosts alike shown once: `each host: 1 connection, 2 execs`. */
export function tripLines(hosts: Recaps, width: number): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const [host, { connections, execs, verifyExecs }] of Object.entries(hosts)) {
    if (connections + execs === 0) continue;
    const verify = verifyExecs > 0 ? ` (+${verifyExecs} to verify)` : '';
    const cost = `${counted(connections, 'connection')}, ${counted(execs, 'exec')}${verify}`;
    const same = groups.get(cost) ?? [];
    groups.set(cost, same);
    same.push(host);
  }
  const total = [...groups.values()].flat().length;
  if (groups.size === 1 && total > 1 && total === Object.keys(hosts).length)
    return [`each host: ${[...groups.keys()][0]}`];
  return [...groups].map(([cost, names]) => `${hostList(names, width - cost.length - 2)}: ${cost}`);
}

/** One sentence for the whole run: what changed, what went wrong, what now is, how long it took. */
export function closingLine(hosts: Recaps, duration: number, paint: Paint, exitCode = 0): string {
  const recaps = Object.values(hosts);
  const all = recaps.length;
  if (all === 0) return `${paint('red', noHosts)}; ${durationText(duration)}`;
  const changedHosts = recaps.filter(({ changed }) => changed > 0);
  const changes = recaps.reduce((sum, { changed }) => sum + changed, 0);
  const unreachable = recaps.filter((recap) => recap.unreachable).length;
  const failed = recaps.filter((recap) => recap.failed > 0 && !recap.unreachable).length;
  const where =
    changedHosts.length === all
      ? `on ${counted(all, 'host')}`
      : `on ${changedHosts.length} of ${counted(all, 'host')}`;
  const bad = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unreachable > 0 ? [`${unreachable} unreachable`] : []),
  ];
  const now = standOf(recaps, bad.length > 0, exitCode);
  const parts = [
    changes === 0
      ? paint('green', bad.length === 0 ? `0 changed ${onEvery(all)}` : '0 changed')
      : paint('yellow', `${changes} changed ${where}`),
    ...(bad.length > 0 ? [paint('red', `of ${counted(all, 'host')} ${bad.join(', ')}`)] : []),
    ...(now === undefined ? [] : [now]),
    durationText(duration),
  ];
  return parts.join('; ');
}

// What now is, and what next; nothing where the playbook itself let failures pass.
function standOf(recaps: readonly HostRecap[], bad: boolean, exitCode: number): string | undefined {
  if (exitCode === 130 || exitCode === 124) return 'the same command does the rest';
  if (bad) return 'see below';
  if (recaps.some(({ ignored, rescued }) => ignored + rescued > 0)) return undefined;
  return 'all is as the playbook says';
}

/** What stands instead of counts where there is nothing to count. */
export const noHosts = 'no hosts: nothing was done';

function onEvery(hosts: number): string {
  return hosts === 1 ? 'on 1 host' : 'on every host';
}
