import type { Problem } from '../../../errors/problem.ts';
import type { LineIndex } from './line-index.ts';

// Characters that look like a space, and that YAML takes for letters.
const oddBlanks = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000]/;

/** Where such a character stands instead of a space in a text without quotes: first in it, or behind the colon of a key. */
export function oddBlankIn(text: string): number | undefined {
  const key = /^[\w.-]+:(?=[^\x20-\x7e])/.exec(text);
  const at = key ? key[0].length : 0;
  return oddBlanks.test(text[at] ?? '') ? at : undefined;
}

/** The problem of a character that looks like a space. */
export function oddBlank(lines: LineIndex, offset: number): Problem {
  const code = (lines.text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const name = code === '00A0' ? 'a no-break space' : 'a character that only looks like a space';
  return {
    code: 'yaml-syntax',
    message: `${name} (U+${code}) stands where YAML wants a space`,
    at: lines.position(offset),
    why: 'YAML takes it for a letter; it comes from web pages, and from a key pressed with AltGr or Option',
    hint: 'replace it by a space',
  };
}

/** Where one stands on the line of a complaint or on the one before it, outside of quotes and comments. */
export function oddBlankAbove(lines: LineIndex, offset: number): number | undefined {
  const { line } = lines.position(offset);
  for (const number of [line, line - 1]) {
    const text = lines
      .line(number)
      .replaceAll(/"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|#.*/g, (part) => 'x'.repeat(part.length));
    const found = oddBlanks.exec(text);
    if (found) return lines.lineStart(number) + found.index;
  }
  return undefined;
}
