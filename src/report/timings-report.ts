import type { RunEvent, TimeSpent } from '../runner/events.ts';
import { durationText } from './duration-text.ts';
import { padTo, shorten, textWidth } from './fitted-text.ts';

const dearest = 10;

/** Collects where the time of a run went, and shows it by host, with the dearest probes and steps of all hosts. */
export class TimingsReport {
  readonly #spent: TimeSpent[] = [];

  take(event: RunEvent): void {
    if (event.type === 'time') this.#spent.push(event);
  }

  /** The whole table; nothing when no times were asked for. */
  lines(width: number): readonly string[] {
    if (this.#spent.length === 0) return [];
    const load = this.#spent.filter(({ spent }) => spent === 'load');
    const hosts = [...Map.groupBy(this.#spent, ({ host }) => host)];
    const rows = hosts.flatMap(([host, spent]) => (host === undefined ? [] : [hostRow(host, spent)]));
    return [
      '',
      `Load: ${durationText(sum(load))}`,
      ...table([['host', 'connect', 'trips', 'in all', 'waiting', 'each trip'], ...rows], width),
      'Dearest:',
      ...table(this.#dearest(), width),
      '',
    ];
  }

  #dearest(): readonly (readonly string[])[] {
    const sections = this.#spent.flatMap(({ host = '', sections: all = [] }) =>
      all.map(({ label, duration }) => ({ host, label, duration })),
    );
    return sections
      .sort((one, other) => other.duration - one.duration)
      .slice(0, dearest)
      .map(({ host, label, duration }) => [durationText(duration), host, label]);
  }
}

function hostRow(host: string, all: readonly TimeSpent[]): readonly string[] {
  const of = (what: TimeSpent['spent']) => all.filter(({ spent }) => spent === what);
  const trips = of('trip');
  return [
    host,
    durationText(sum(of('connect'))),
    String(trips.length),
    durationText(sum(trips)),
    durationText(sum(of('wait'))),
    trips.map(({ duration }) => durationText(duration)).join(', '),
  ];
}

function sum(spent: readonly TimeSpent[]): number {
  return spent.reduce((all, { duration }) => all + duration, 0);
}

function table(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const columns =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => textWidth(row[column] ?? '')))) ?? [];
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column < row.length - 1 ? padTo(cell, columns[column] ?? 0) : cell,
    );
    return shorten(`  ${cells.join('  ')}`, width);
  });
}
