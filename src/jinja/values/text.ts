import { textOf } from './value.ts';

/** Python's strip: white space, or any of the given characters. */
export function stripCharacters(text: string, set: unknown, side: 'start' | 'end' | 'both'): string {
  const characters = set === undefined || set === null ? undefined : new Set(textOf(set));
  const goes = (character: string): boolean =>
    characters ? characters.has(character) : character.trim() === '';
  const all = [...text];
  let start = 0;
  let end = all.length;
  if (side !== 'end') while (start < end && goes(all[start] ?? '')) start += 1;
  if (side !== 'start') while (end > start && goes(all[end - 1] ?? '')) end -= 1;
  return all.slice(start, end).join('');
}

/** Python's split: on white space without a separator; `most` splits at most. */
export function splitText(text: string, separator: unknown, most: unknown): string[] {
  const limit = typeof most === 'number' ? most : -1;
  if (separator !== undefined && separator !== null) {
    const mark = textOf(separator);
    const parts = text.split(mark);
    if (limit < 0 || parts.length <= limit + 1) return parts;
    return [...parts.slice(0, limit), parts.slice(limit).join(mark)];
  }
  if (limit < 0) return text.trim() === '' ? [] : text.trim().split(/\s+/);
  const parts: string[] = [];
  let rest = text.trimStart();
  while (rest !== '' && parts.length < limit) {
    const [word = ''] = /^\S+/.exec(rest) ?? [];
    parts.push(word);
    rest = rest.slice(word.length).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** Every word with a capital. */
export function titleCase(text: string): string {
  return text.replaceAll(/\p{L}+/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());
}

/** Text in the middle of so many columns. */
export function center(text: string, width: number, fill = ' '): string {
  const space = Math.max(0, width - text.length);
  const left = Math.floor(space / 2) + (space & width & 1);
  return text.padStart(text.length + left, fill).padEnd(width, fill);
}
