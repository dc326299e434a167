import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../../src/language/source/yaml/yaml.ts';

function place({ line, column, length }: { line: number; column: number; length?: number }): string {
  return `${line}:${column}+${length}`;
}

describe('positions', () => {
  const { root, problems } = parseYaml(
    'f.yml',
    [
      '- name: first', //
      '  when: ["a", \'b c\', "d\\te"]',
      '  anchor: &x',
      '    k: 1',
      '  alias: *x',
      '  merged:',
      '    <<: *x',
      '    own: 2',
      '  block: |',
      '    one',
      '    two',
      '  empty:',
      '  flow: {a: {b: deep}}',
    ].join('\n'),
  );
  test('there are no problems', () => expect(problems).toEqual([]));

  test.each([
    [[0, 'name'], '1:9+5'],
    [[0, 'when'], '2:9+1'],
    [[0, 'when', 0], '2:10+3'],
    [[0, 'when', 1], '2:15+5'],
    [[0, 'when', 2], '2:22+6'],
    [[0, 'when', 7], '2:9+1'],
    [[0, 'alias', 'k'], '4:8+1'],
    [[0, 'merged', 'k'], '4:8+1'],
    [[0, 'merged', 'own'], '8:10+1'],
    [[0, 'block'], '10:5+3'],
    [[0, 'empty'], '12:3+5'],
    [[0, 'flow', 'a', 'b'], '13:17+4'],
    [[0, 'nothing', 'there'], '1:3+1'],
    [[], '1:1+1'],
  ])('of the value at %j', (path, expected) => {
    expect(root && place(root.at(...path))).toBe(expected);
  });

  test.each([
    [[0, 'when'], '2:3+4'],
    [[0, 'flow', 'a', 'b'], '13:14+1'],
    [[0, 'merged', 'k'], '4:5+1'],
  ])('of the key at %j', (path, expected) => {
    expect(root && place(root.keyAt(...path))).toBe(expected);
  });

  test('values follow aliases and merges, own keys win', () => {
    expect(root?.value).toMatchObject([
      { alias: { k: 1 }, merged: { k: 1, own: 2 }, empty: null, block: 'one\ntwo\n' },
    ]);
  });
});

describe('values', () => {
  test.each([
    ['yes', true],
    ['No', false],
    ['ON', true],
    ['off', false],
    ['y', 'y'],
    ['"yes"', 'yes'],
    ['1e3', '1e3'],
    ['1:30', 90],
    ['089', '089'],
    ['0o755', '0o755'],
    ['.5', 0.5],
    ['-.inf', Number.NEGATIVE_INFINITY],
    ['[yes, {b: no}]', [true, { b: false }]],
    ['true', true],
    ['12', 12],
    ['0x1f', 31],
    ['1.5', 1.5],
    ['~', null],
    ['"12"', '12'],
    ['!!str 12', '12'],
    ['2024-01-01', '2024-01-01'],
    ['1_000', 1000],
    ["!unsafe 'plain'", 'plain'],
    ["!unsafe '{{ x }}'", '{% raw %}{{ x }}{% endraw %}'],
  ])('%s', (text, expected) => {
    const { root, problems } = parseYaml('f', `key: ${text}\n`);
    expect(problems).toEqual([]);
    expect(root?.value).toEqual({ key: expected });
  });

  test('a mode is what is written, whatever it is part of', () => {
    const { root, problems } = parseYaml(
      'f',
      'a: {mode: 0644}\nlog_mode: 01777\nb: [{directory_mode: 0700}]\n',
    );
    expect(problems).toEqual([]);
    expect(root?.value).toEqual({
      a: { mode: '0644' },
      log_mode: '01777',
      b: [{ directory_mode: '0700' }],
    });
  });

  test('a float keeps what shows it to be one', () => {
    const { root } = parseYaml('f', 'a: 8.0\n');
    expect(String(root?.get('a')?.value)).toBe('8.0');
  });

  test('keys are text, dangerous ones too', () => {
    const { root } = parseYaml('f', '1: a\ntrue: b\n__proto__: c\non: d\n');
    expect(Object.entries(root?.value as object)).toEqual([
      ['1', 'a'],
      ['true', 'b'],
      ['__proto__', 'c'],
      ['on', 'd'],
    ]);
  });

  test('a byte order mark and Windows line ends do not shift positions', () => {
    const { root } = parseYaml('f', '\uFEFFa: 1\r\nb: 2\r\n');
    expect(root && place(root.at('b'))).toBe('2:4+1');
  });
});

describe('problems', () => {
  test.each([
    ['a: !unsafe "{% endraw %}"', 'not-supported'],
    ['a: 0644', 'unquoted-octal'],
    ['a: 12345678901234567890', 'large-number'],
    ['a: !!int x', 'wrong-tag'],
    ['? [a]\n: b', 'complex-key'],
    ['a: 1\n---\nb: 2', 'several-documents'],
    ['a: [1', 'yaml-syntax'],
    ['a: [1 2, {b c}]: x', 'yaml-syntax'],
    ['a: "\\d"', 'yaml-syntax'],
    ['a: {b: 1,\tc: 2}', 'yaml-syntax'],
    ['a: {x[1]: 1}', 'yaml-syntax'],
    ['a: &x [*x]', 'unknown-alias'],
  ])('%j', (text, code) => {
    const { problems } = parseYaml('f', text);
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  test('aliases that unfold without end are refused', () => {
    const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (let n = 1; n < 9; n += 1)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(parseYaml('f', lines.join('\n')).problems.map(({ code }) => code)).toContain('too-large');
  });

  test('whatever the text, the answer is a value or problems with a place in the file', () => {
    const pieces = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '{{ x }}',
      '&a',
      '*a',
      '\t',
      '|',
      '!x ',
      '#',
      ',',
      '0644',
      '<<: ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const { root, problems } = parseYaml('f', text);
        expect(root !== undefined || problems.length > 0).toBe(true);
        const lines = text.split('\n').length;
        for (const { at } of problems) {
          expect(at?.line).toBeGreaterThanOrEqual(1);
          expect(at?.line).toBeLessThanOrEqual(lines);
          expect(at?.column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

// libyaml folds lines of a quoted text wherever they begin.
describe('a quoted text that goes on further left', () => {
  test.each<[string, unknown]>([
    ['a: ["x\nb", c]\n', { a: ['x b', 'c'] }],
    ['- a:\n    b: "{{\n  y\n}}"\n', [{ a: { b: '{{ y }}' } }]],
    ['a:\n  b: "x\n\n\ny"\n', { a: { b: 'x\n\ny' } }],
    ["a:\n  b: 'it''s\nno''t'\nc: 1\n", { a: { b: "it's no't" }, c: 1 }],
  ])('%j', (text, expected) => {
    const { root, problems } = parseYaml('f.yml', text);
    expect(problems).toEqual([]);
    expect(root?.value).toEqual(expected);
  });

  test.each([
    ['a:\n  b: "x\n  c: "y"\n', 2],
    ['a:\n  b: "x\n  c: y\n', 2],
  ])('%j is a text that nobody closed', (text, line) => {
    expect(parseYaml('f.yml', text).problems).toMatchObject([
      { message: 'a " is opened here and not closed', at: { line } },
    ]);
  });
});
