import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../../src/shell/quote.ts';
import { shells } from '../../helpers/shell/shells.ts';

test.each([
  ['', "''"],
  ['plain-word_1.0', 'plain-word_1.0'],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['$x', "'$x'"],
  ['~', "'~'"],
  ['a\nb', "'a\nb'"],
])('%j becomes %s', (word, quoted) => {
  expect(quote(word)).toBe(quoted);
});

test('NUL cannot be passed', () => {
  expect(() => quote('a\0b')).toThrow(TypeError);
});

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  '%s reads back what was quoted',
  (_name, [command, ...args]) => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          "'",
          '"',
          '\\',
          '$',
          '`',
          '(',
          ')',
          '\n',
          ' ',
          '!',
          '*',
          '-',
          '#',
          '~',
          '%',
          'é',
        ),
      }),
    );
    const words = fc
      .sample(word, { numRuns: 500, seed: 7 })
      .map((text) => text.replaceAll('\0', '').toWellFormed());
    const { stdout } = spawnSync(command, args, { input: `printf '%s\\0' ${words.map(quote).join(' ')}\n` });
    expect(stdout.toString().split('\0').slice(0, -1)).toEqual(words);
  },
);
