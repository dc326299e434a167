import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WordIndex } from '../../../src/report/word-index.ts';

function indexOf(words: readonly string[]): WordIndex {
  const index = new WordIndex();
  for (const word of words) index.add(word);
  return index;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('words in a text', () => {
  it('are those that it includes, longest first, then as they came', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab\u{1f600}é'), minLength: 4, maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom(...'ab\u{1f600}é'), maxLength: 60 });
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 40 }), text, (words, where) => {
        const expected = words
          .filter((one) => where.includes(one))
          .toSorted((one, other) => other.length - one.length);
        expect(indexOf(words).within(where)).toEqual(expected);
      }),
    );
  });

  it('take the time of the text to find, whether few are known or thousands that begin alike', () => {
    const slices = (count: number): number => {
      const index = indexOf(Array.from({ length: count }, (_, n) => `password-${100_000 + n}`));
      const text = 'the password-100003 of the host and some more words, among them a pass and a password';
      const slice = vi.spyOn(String.prototype, 'slice');
      expect(index.within(text)).toEqual(['password-100003']);
      const { length } = slice.mock.calls;
      vi.restoreAllMocks();
      return length;
    };
    expect(slices(5000)).toBeLessThanOrEqual(slices(5) + 4);
  });
});
