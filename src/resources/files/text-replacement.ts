import { pythonPattern } from '../../python/python-pattern.ts';
import { expandGroups } from './pattern.ts';

/** What is to be replaced in a text. */
export interface Replacing {
  readonly regexp: string;
  readonly replace?: string;
  readonly after?: string;
  readonly before?: string;
}

/** A text after it was replaced in. */
export interface TextReplacement {
  readonly text: string;
  /** 0 where the text is as it was. */
  readonly count: number;
  /** What Ansible says where `after` and `before` match nothing. */
  readonly missed?: string;
}

function sectionPattern({ after, before }: Replacing, fit: (word: string) => string): string | undefined {
  if (after === undefined && before === undefined) return undefined;
  const end = before === undefined ? '' : fit(before);
  const lazy = after !== undefined && before !== undefined ? '?' : '';
  return `${after === undefined ? '' : fit(after)}(?P<subsection>.*${lazy})${end}`;
}

/** Why the expressions cannot be used. */
export function sectionFault(want: Replacing): readonly string[] {
  const same = (word: string) => word;
  const tried = { regexp: want.regexp, 'after and before': sectionPattern(want, same) };
  return Object.entries(tried).flatMap(([argument, source]) => {
    try {
      pythonPattern(source ?? '', { multiline: true });
      return [];
    } catch (error) {
      return [`${argument}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

/**
 * A text with all matches replaced, in the part that `after` and `before` leave.
 * @param fit a word as the text is encoded
 */
export function replaceText(text: string, want: Replacing, fit: (word: string) => string): TextReplacement {
  const pattern = sectionPattern(want, fit);
  let [from, to] = [0, text.length];
  if (pattern !== undefined) {
    const found = pythonPattern(pattern, { dotall: true }, 'd').exec(text)?.indices?.groups?.subsection;
    if (!found) {
      const missed = `Pattern for before/after params did not match the given file: ${pattern}`;
      return { text, count: 0, missed };
    }
    [from, to] = found;
  }
  let count = 0;
  const section = text.slice(from, to);
  const expression = pythonPattern(fit(want.regexp), { multiline: true }, 'g');
  const done = section.replace(expression, (...found) => {
    count += 1;
    return expandGroups(fit(want.replace ?? ''), matchOf(found));
  });
  if (done === section) return { text, count: 0 };
  return { text: text.slice(0, from) + done + text.slice(to), count };
}

// What String.replace hands over, as exec gives it.
function matchOf(found: readonly unknown[]): RegExpExecArray {
  const named = typeof found.at(-1) === 'object' ? 1 : 0;
  const groups = found.slice(0, found.length - 2 - named) as string[];
  return Object.assign(groups, {
    index: 0,
    input: '',
    groups: named ? (found.at(-1) as Record<string, string>) : undefined,
  }) as unknown as RegExpExecArray;
}
