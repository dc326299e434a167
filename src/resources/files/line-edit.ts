import { expandGroups } from './pattern.ts';

/** What is wanted of a text's lines. */
export interface LineEdit {
  readonly line: string;
  /** Finds the line to replace; undefined: the line itself. */
  readonly find: ((line: string) => RegExpExecArray | boolean) | undefined;
  /** Where a new line goes when nothing was found; `EOF` by default. */
  readonly place: { readonly side: 'after' | 'before'; readonly at: RegExp | 'EOF' | 'BOF' };
  /** Put groups of the match into the line; nothing found: leave all as it is. */
  readonly backrefs: boolean;
  /** The first match counts in place of the last. */
  readonly firstMatch: boolean;
}

/** Cuts a text into lines without their ends, and says whether the last one was ended. */
export function cutLines(text: string): { readonly lines: string[]; readonly ended: boolean } {
  if (text === '') return { lines: [], ended: true };
  const ended = text.endsWith('\n');
  return { lines: (ended ? text.slice(0, -1) : text).split('\n'), ended };
}

/** Puts lines together again, each ended. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function lastOrFirst(lines: readonly string[], firstMatch: boolean, test: (line: string) => boolean): number {
  return firstMatch ? lines.findIndex(test) : lines.findLastIndex(test);
}

function insertionIndex(lines: readonly string[], { place, firstMatch }: LineEdit): number {
  if (place.at === 'BOF') return 0;
  if (place.at === 'EOF') return lines.length;
  const expression = place.at;
  const found = lastOrFirst(lines, firstMatch, (line) => expression.test(line));
  if (found < 0) return lines.length;
  return place.side === 'after' ? found + 1 : found;
}

/** The text with the line in it, as Ansible's lineinfile puts it there. */
export function ensureLine(text: string, edit: LineEdit): string {
  const { lines } = cutLines(text);
  const bare = lines.map((line) => line.replace(/\r$/, ''));
  const { find, line } = edit;
  const exact = (one: string) => one === line;
  const found = lastOrFirst(
    bare,
    edit.firstMatch,
    find ? (one) => find(one) !== false && find(one) !== null : exact,
  );
  if (found >= 0) {
    const match = find?.(bare[found] ?? '');
    const wanted = edit.backrefs && typeof match === 'object' ? expandGroups(line, match) : line;
    if (bare[found] === wanted) return text;
    lines[found] = wanted;
    return joinLines(lines);
  }
  if (edit.backrefs || bare.some(exact)) return text;
  lines.splice(insertionIndex(bare, edit), 0, line);
  return joinLines(lines);
}

/** The text without the lines that are found. */
export function removeLines(text: string, find: (line: string) => boolean): string {
  const { lines, ended } = cutLines(text);
  const kept = lines.filter((line) => !find(line.replace(/\r$/, '')));
  if (kept.length === lines.length) return text;
  const joined = joinLines(kept);
  return ended || kept.at(-1) !== lines.at(-1) ? joined : joined.slice(0, -1);
}
