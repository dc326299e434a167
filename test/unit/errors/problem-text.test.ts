import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { codeFrame } from '../../../src/errors/code-frame.ts';
import type { Problem } from '../../../src/errors/problem.ts';
import { formatProblems } from '../../../src/errors/problem-text.ts';

const plain = { colour: false, width: 60 };

describe('codeFrame', () => {
  test('shows two lines around and underlines the place', () => {
    const text = 'one\ntwo\nthree\nfour\nfive\nsix\n';
    expect(codeFrame(text, { file: 'f', line: 3, column: 2, length: 3 }, plain)).toEqual([
      '  1 | one',
      '  2 | two',
      '> 3 | three',
      '    |  ^^^',
      '  4 | four',
      '  5 | five',
    ]);
  });

  test.each([
    ['tabs become spaces up to the next stop', 'a\tb: x', 6, '> 1 | a   b: x', '    |        ^'],
    ['wide characters take two columns', '日本: x', 5, '> 1 | 日本: x', '    |       ^'],
    ['joined characters count as one', 'é👍🏽: x', 8, '> 1 | é👍🏽: x', '    |      ^'],
    ['control characters are not shown', 'a\u001b[2Jb', 6, '> 1 | a?[2Jb', '    |      ^'],
    ['a place behind the end of the line', 'ab', 3, '> 1 | ab', '    |   ^'],
  ])('%s', (_, text, column, line, caret) => {
    expect(codeFrame(text, { file: 'f', line: 1, column }, plain)).toEqual([line, caret]);
  });

  test('cuts long lines around the place', () => {
    const [line = '', caret = ''] = codeFrame(
      `${'a'.repeat(100)}HERE${'b'.repeat(100)}`,
      { file: 'f', line: 1, column: 101, length: 4 },
      plain,
    );
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line).toContain('…aaa');
    expect(line).toContain('bbb…');
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
  });

  test('a line that the file does not have gives no frame', () => {
    expect(codeFrame('a\n', { file: 'f', line: 7, column: 1 }, plain)).toEqual([]);
  });
});

describe('formatProblems', () => {
  const problems: readonly Problem[] = [
    { code: 'wrong-value', message: 'second', at: { file: 'b.yml', line: 1, column: 1 } },
    { code: 'wrong-value', message: 'later', at: { file: 'a.yml', line: 10, column: 1 } },
    { code: 'wrong-value', message: 'no place', hint: 'do this' },
    {
      code: 'wrong-value',
      message: 'earlier',
      at: { file: 'a.yml', line: 9, column: 4 },
      why: 'because',
      hint: 'mend\n  x: 1',
    },
    { code: 'wrong-value', message: 'later', at: { file: 'a.yml', line: 10, column: 1 } },
  ];

  test('sorts by file and line, shows each once and counts', () => {
    expect(formatProblems(problems, new Map(), plain)).toBe(
      [
        'no place\n  hint: do this\n  code: wrong-value',
        'a.yml:9:4: earlier\n  why:  because\n  hint: mend\n          x: 1\n  code: wrong-value',
        'a.yml:10:1: later\n  code: wrong-value',
        'b.yml:1:1: second\n  code: wrong-value',
        '4 problems; nothing was changed; `provision explain CODE` shows more',
      ].join('\n\n'),
    );
  });

  test('one problem is not several', () => {
    expect(formatProblems(problems.slice(0, 1), new Map(), plain)).toMatch(
      /\n1 problem; nothing was changed; `provision explain CODE` shows more$/,
    );
  });

  test('long reasons are wrapped under themselves', () => {
    const text = formatProblems(
      [{ code: 'wrong-value', message: 'm', why: 'word '.repeat(30).trim() }],
      new Map(),
      plain,
    );
    const lines = text.split('\n').slice(1, -3);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(60);
      expect(line).toMatch(/^(\s{2}why: {2}|\s{8})word/);
    }
  });

  test('colour adds nothing but colour', () => {
    const sources = new Map([['b.yml', 'text\n']]);
    const coloured = formatProblems(problems, sources, { colour: true, width: 60 });
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(formatProblems(problems, sources, plain));
  });
});
