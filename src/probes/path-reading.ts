import type { ScriptOutput } from '../shell/script-output.ts';
import { absentStat, type FileStat, readStatLine, saysAbsent } from './file-stat.ts';
import type { Place, SumName } from './path-question.ts';
import { namedLines, type PathRecords, readRecords } from './path-records.ts';
import { ProbeError } from './probe-error.ts';

/** What was seen at a place; what it lacks was not asked for, or could not be read. */
export interface Sighting {
  /** The place itself: what was asked about, or the entry inside it. */
  readonly target: string;
  readonly stat: FileStat | ProbeError;
  /** What it leads to; the same when it is no link. */
  readonly behind: FileStat | ProbeError;
  readonly points: string | undefined;
  /** Empty when the link leads nowhere. */
  readonly leads: string | undefined;
  readonly may: string | undefined;
  readonly tree: string | undefined;
  readonly unread: boolean;
  readonly sums: ReadonlyMap<SumName, string>;
  /** Base64, a space and an exit code, for each text that was sent. */
  readonly texts: readonly (string | undefined)[];
}

const statHead = /[^\n\t]*\t[^\n\t]*\t/y;
const sumHead = /\\?[0-9a-f]+ [ *]/y;

/** What the output of a path program says about each place; undefined when it did not come to its end. */
export function readPlaces(output: ScriptOutput, places: readonly Place[]): readonly Sighting[] | undefined {
  const records = readRecords(output, (place) => places[place]?.leads === true);
  if (!records) return undefined;
  const { flags, values, links } = records;
  const targets = places.map(({ path, inside }, n) => (flags.has(`inside ${n}`) ? (inside ?? path) : path));
  const stats = statsOf(records, 'stat', targets);
  const behind = statsOf(
    records,
    'behind',
    links.map((n) => targets[n] ?? ''),
  );
  const linkOrder = new Map(links.map((n, index) => [n, index]));
  const endOrder = new Map(links.filter((n) => places[n]?.leads).map((n, index) => [n, index]));
  const sums = sumsOf(records, places, targets);
  return places.map(({ texts }, n) => {
    const stat = stats[n] ?? absentStat;
    const isLink = !(stat instanceof ProbeError) && stat.kind === 'link';
    const index = linkOrder.get(n) ?? -1;
    return {
      target: targets[n] ?? '',
      stat,
      behind: (isLink ? behind[index] : undefined) ?? stat,
      points: isLink ? records.points[index] : undefined,
      leads: isLink ? records.ends[endOrder.get(n) ?? -1] : undefined,
      may: values.get(`may ${n}`),
      tree: values.get(`tree ${n}`),
      unread: flags.has(`unread ${n}`),
      sums: sums[n] ?? new Map(),
      texts: texts.map((_, text) => values.get(`content ${n}_${text}`)),
    };
  });
}

// What one call of stat says of each path, in their order: a line, or a message in the order in which they were looked at.
function statsOf(
  { lines, messages }: PathRecords,
  list: 'stat' | 'behind',
  paths: readonly string[],
): readonly (FileStat | ProbeError)[] {
  const found = namedLines(lines.get(list) ?? '', statHead, paths);
  const said = messages.get(list) ?? '';
  const each = said.split(/^(?=stat: )/m);
  const paired = each.length === paths.filter((path) => !found.has(path)).length;
  let missing = 0;
  return paths.map((path) => {
    const line = found.get(path);
    if (line !== undefined) {
      return (
        readStatLine(line.slice(0, -1)) ??
        new ProbeError(`the host's answer makes no sense: ${JSON.stringify(line)}`)
      );
    }
    const message = paired ? (each[missing++] ?? '') : said;
    const absent = paired ? saysAbsent(message) : each.every(saysAbsent);
    return absent ? absentStat : new ProbeError(`cannot check ${path}: ${message.trim() || `no answer`}`);
  });
}

function sumsOf(
  { lines }: PathRecords,
  places: readonly Place[],
  targets: readonly string[],
): readonly Map<SumName, string>[] {
  const all = places.map(() => new Map<SumName, string>());
  for (const name of new Set(places.flatMap(({ sums }) => [...sums]))) {
    const found = namedLines(lines.get(name) ?? '', sumHead, targets);
    const byName = new Map(
      [...found].map(([path, head]) => [head.startsWith('\\') ? unescaped(path) : path, head]),
    );
    for (const [n, { sums }] of places.entries()) {
      const head = sums.has(name) ? byName.get(targets[n] ?? '') : undefined;
      if (head !== undefined) all[n]?.set(name, head.replace(/[^0-9a-f]/g, ''));
    }
  }
  return all;
}

// GNU's tools write names of several lines on one.
function unescaped(name: string): string {
  const meaning: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
  return name.replace(/\\(.)/g, (_, letter: string) => meaning[letter] ?? letter);
}
