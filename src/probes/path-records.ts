import type { ScriptOutput } from '../shell/script-output.ts';

/** What a path program printed, apart. */
export interface PathRecords {
  /** `inside N`, `link N` and `unread N`, as they were printed. */
  readonly flags: ReadonlySet<string>;
  /** What follows `may N`, `tree N` and `content N_M`. */
  readonly values: ReadonlyMap<string, string>;
  /** All lines of stat and of each sum. */
  readonly lines: ReadonlyMap<string, string>;
  /** What was said on stderr beside each of them. */
  readonly messages: ReadonlyMap<string, string>;
  /** The places that are links, in the order in which they were looked at. */
  readonly links: readonly number[];
  /** Where each of the links points, and where each that was followed leads; empty where that cannot be found out. */
  readonly points: readonly string[];
  readonly ends: readonly string[];
}

const record =
  /^(?:(?<flag>(?:inside|unread|link) \d+)|(?<key>(?:may|tree) \d+|content \d+_\d+) (?<value>.*)|(?<list>stat|behind|md5|sha\d+) (?<lines>.*))$/s;

/**
 * Takes the output of a path program apart; undefined when it did not come to its end.
 * @param followed whether it was asked where the link at this place leads
 */
export function readRecords(
  output: ScriptOutput,
  followed: (place: number) => boolean,
): PathRecords | undefined {
  const records = output.stdout.split('\0');
  const messages = output.stderr.split('\0');
  if (records.at(-2) !== 'done' || messages.at(-2) !== 'done') return undefined;
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lines = new Map<string, string>();
  const links: number[] = [];
  for (const one of records) {
    const { flag, key, value = '', list, lines: some = '' } = record.exec(one)?.groups ?? {};
    if (flag !== undefined) flags.add(flag);
    if (flag?.startsWith('link ')) links.push(Number(flag.slice('link '.length)));
    if (key !== undefined) values.set(key, value);
    if (list !== undefined) lines.set(list, (lines.get(list) ?? '') + some);
    // Behind it come links' targets, which may look like anything.
    if (list === 'behind') break;
  }
  const count = links.filter(followed).length;
  return {
    flags,
    values,
    lines,
    messages: labelled(messages),
    links,
    points: records.slice(-2 - links.length, -2),
    ends: messages.slice(-2 - count, -2),
  };
}

// The last line of each part names what the lines before it are about.
function labelled(parts: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of parts) {
    const cut = part.lastIndexOf('\n') + 1;
    const label = part.slice(cut);
    found.set(label, (found.get(label) ?? '') + part.slice(0, cut));
    if (label === 'behind') break;
  }
  return found;
}

/**
 * The text before the name on each line, by name.
 * @param head matches it (sticky)
 * @param names what was asked about: some of the names may go over several lines
 */
export function namedLines(text: string, head: RegExp, names: readonly string[]): Map<string, string> {
  const long = names.filter((name) => name.includes('\n')).sort((a, b) => b.length - a.length);
  const found = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    head.lastIndex = at;
    const before = head.exec(text)?.[0];
    const start = at + (before?.length ?? 0);
    const whole = long.find((name) => text.startsWith(`${name}\n`, start));
    const end = whole === undefined ? text.indexOf('\n', start) : start + whole.length;
    const stop = end < 0 ? text.length : end;
    if (before !== undefined) found.set(text.slice(start, stop), before);
    at = stop + 1;
  }
  return found;
}
