import type { Place } from './path-question.ts';

/** One word of a command's arguments, and how many bytes it can have at the most. */
export interface Word {
  readonly code: string;
  readonly bytes: number;
}

// Lists of arguments stay below what every kernel takes.
const mostBytes = 100_000;

/** The variable with the path of a place as a word; left out unless the flag is set. */
export function pathWord({ path, inside }: Place, n: number, flag?: string): Word {
  const bytes = Math.max(path.length, inside?.length ?? 0) * 3 + 10;
  return { code: flag === undefined ? `"$path${n}"` : `\${${flag}+"$path${n}"}`, bytes };
}

/** Cuts words where a list of arguments would become too long. */
export function batches<One extends Word>(words: readonly One[]): readonly (readonly One[])[] {
  const lists: One[][] = [];
  let bytes = mostBytes;
  for (const word of words) {
    bytes += word.bytes;
    if (bytes > mostBytes) {
      lists.push([]);
      bytes = word.bytes;
    }
    lists.at(-1)?.push(word);
  }
  return lists;
}

/** sh code that makes the words `$1`, `$2` and so on. */
export function setWords(words: readonly Word[]): string {
  return `set -- ${words.map(({ code }) => code).join(' ')}`;
}

/** sh code that makes each line of what is printed one of `$1`, `$2` and so on; none unless there were as many before. */
export function setLines(printed: string): string {
  return `count=$#; set -- ${printed}; [ $# = $count ] || set --`;
}

/** sh code for when a flag is set. */
export function ifSet(flag: string, code: string): string {
  return `[ -z "\${${flag}+1}" ] || { ${code}; }`;
}

/** sh code that goes on to the next of `$1`, `$2` and so on, if there are any. */
export const next = '[ $# = 0 ] || shift';
