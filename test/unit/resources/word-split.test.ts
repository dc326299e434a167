import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitWords } from '../../../src/resources/commands/word-split.ts';
import { quote } from '../../../src/shell/quote.ts';

test.each([
  ['uptime', ['uptime']],
  ['  ls   -l  ', ['ls', '-l']],
  ['echo \'a b\' "c d"', ['echo', 'a b', 'c d']],
  ['a\\ b', ['a b']],
  ['"say \\"hi\\""', ['say "hi"']],
  ['"keep \\n"', ['keep \\n']],
  ["''", ['']],
  ["a''b", ['ab']],
  ['', []],
  ['one\ntwo', ['one', 'two']],
  ['$HOME `x` *', ['$HOME', '`x`', '*']],
])('%j', (command, words) => {
  expect(splitWords(command)).toEqual(words);
});

test.each(["it's", 'say "hi', 'end\\'])('%j is not closed', (command) => {
  expect(splitWords(command)).toBeUndefined();
});

test('takes apart what was quoted for a shell', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }).map((word) => word.replaceAll('\0', ''))), (words) => {
      expect(splitWords(words.map(quote).join(' '))).toEqual(words);
    }),
  );
});
