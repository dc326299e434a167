import type { Json } from '../../../../resources/resource.ts';
import { quote } from '../../../../shell/quote.ts';

// Where the role rsyslog_client has impstats write down what waits, every 30 seconds, and only what does.
const clientFile = '/etc/rsyslog.d/10-provision-tls-client.conf';
const file = 'provision-statistics';
// Seconds: the last two times.
const fresh = 65;

/** sh code that prints, where the client counts them, how many lines waited the last times: `memory on`, `waits TIME JSON`. */
export function memoryQueueScript(directory: string, configuration = clientFile): string {
  return `if grep -qs '^module(load="impstats"' ${quote(configuration)}; then
  echo 'memory on'
  now=$(date +%s)
  tail -n 40 -- ${quote(`${directory}/${file}`)} 2>/dev/null | while read -r time counts; do
    case $time in *[!0-9]* | '') continue ;; esac
    [ $((now - time)) -gt ${fresh} ] || printf 'waits %s %s\\n' "$time" "$counts"
  done
fi`;
}

/**
 * Reads what `memoryQueueScript` printed: `waiting`, lines that have waited since the time before, and `discarded`, lines that
 * are lost; nothing where the client does not count them.
 */
export function readMemoryQueue(text: string): { readonly [key: string]: Json } {
  if (!/^memory on$/m.test(text)) return {};
  const counts = [...text.matchAll(/^waits (\d{1,12}) (\{.*\})$/gm)].flatMap(([, time, json = '']) => {
    const read = countsOf(json);
    return read ? [{ time, ...read }] : [];
  });
  const queues = [...Map.groupBy(counts, ({ name }) => name).values()];
  // A line that is on its way waits, too: once is no queue.
  const waiting = queues.map((all) =>
    all.length < 2 ? 0 : Math.min(...all.slice(-2).map(({ size }) => size)),
  );
  const discarded = queues.map((all) => all.at(-1)?.discarded ?? 0);
  return { waiting: sum(waiting), discarded: sum(discarded) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function countsOf(json: string): { name: string; size: number; discarded: number } | undefined {
  const number = (key: string): number =>
    Number(new RegExp(`"${key}": (\\d{1,15})[, ]`).exec(json)?.[1] ?? 0);
  const name = /"name": "([^"]*)"/.exec(json)?.[1];
  if (name === undefined) return undefined;
  return { name, size: number('size'), discarded: number('discarded\\.full') + number('discarded\\.nf') };
}
