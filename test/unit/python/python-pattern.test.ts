import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pythonPattern } from '../../../src/python/python-pattern.ts';

// Pattern, text, and what Python's re.finditer finds: offset in characters, match, groups; or that re.compile fails.
const rows = JSON.parse(readFileSync(join(import.meta.dirname, 'patterns.json'), 'utf8')) as readonly [
  string,
  string,
  unknown,
][];

function found(pattern: string, text: string): unknown {
  try {
    return [...text.matchAll(pythonPattern(pattern, {}, 'g'))].map(({ index, ...match }) => [
      [...text.slice(0, index)].length,
      ...Object.keys(match)
        .filter((key) => /^\d+$/.test(key))
        .map((key) => match[Number(key)] ?? null),
    ]);
  } catch {
    return 'error';
  }
}

test.each(rows)('%j in %j', (pattern, text, expected) => {
  expect(found(pattern, text)).toEqual(expected);
});

describe('what has no counterpart is refused', () => {
  test.each([
    ['(?(1)a|b)', 'is not supported'],
    ['(?>a)b', 'is not supported'],
    ['a++', 'possessive repeats are not supported'],
    ['(?L)a', 'the flag L is not supported'],
    ['\\N{DASH}', 'bad escape \\N'],
    ['(a', 'missing ), unterminated subpattern'],
  ])('%s', (pattern, message) => {
    expect(() => pythonPattern(pattern)).toThrow(message);
  });
});

test.each([
  ['\\w+', 'é', true, false],
  ['\\w+', 'é', false, true],
  ['^b$', 'a\nb', false, false],
])('%s in %j, in ASCII only: %s', (pattern, text, ascii, expected) => {
  expect(pythonPattern(pattern, { ascii }).test(text)).toBe(expected);
});
