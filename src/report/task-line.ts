import { padTo, textWidth } from './fitted-text.ts';
import { counted, hostList } from './host-list.ts';
import type { Paint, Style } from './paint.ts';
import { hostsByStanding, type Standing, type TaskTally } from './task-tally.ts';

const styles: Readonly<Record<Standing, Style>> = {
  ok: 'green',
  changed: 'yellow',
  skipped: 'dim',
  failed: 'red',
  ignored: 'red',
  unknown: 'magenta',
};

const wordWidth = 9;

/** One line for a task that is done: how it stands, its name, and on which hosts something happened. */
export function taskLine(
  tally: Pick<TaskTally, 'name' | 'handler' | 'results'>,
  paint: Paint,
  width: number,
): string {
  const groups = hostsByStanding(tally);
  const word = [...groups.keys()][0] ?? 'ok';
  const name = tally.handler ? `${tally.name} (handler)` : tally.name;
  const head = `  ${paint(styles[word], padTo(word, wordWidth))} `;
  const room = width - 3 - wordWidth;
  const detail = hostsDetail(groups, Math.max(20, room - textWidth(name) - 2));
  if (textWidth(name) + 2 + textWidth(detail) > room) {
    return `${head}${name}\n${' '.repeat(3 + wordWidth)}${paint('dim', detail)}`;
  }
  return head + padTo(name, room - textWidth(detail)) + paint('dim', detail);
}

// Hosts on which all went as ever are only counted; the others are named.
function hostsDetail(groups: ReadonlyMap<Standing, readonly string[]>, width: number): string {
  if (groups.size === 1) {
    return [...groups]
      .map(([word, hosts]) => (quiet(word) ? few(hosts, width) : hostList(hosts, width)))
      .join('');
  }
  const share = Math.floor(width / groups.size);
  return [...groups]
    .map(([word, hosts], index) => {
      if (quiet(word)) return `${hosts.length} ${word}`;
      const names = hostList(hosts, index === 0 ? Math.max(share, width - 16) : share);
      return index === 0 ? names : `${names} ${word}`;
    })
    .join('; ');
}

function few(hosts: readonly string[], width: number): string {
  const names = hosts.join(', ');
  return hosts.length <= 3 && textWidth(names) <= width ? names : counted(hosts.length, 'host');
}

function quiet(word: Standing): boolean {
  return word === 'ok' || word === 'skipped';
}
