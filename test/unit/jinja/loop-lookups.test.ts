import { describe, expect, test } from 'vitest';
import { lookupItems } from '../../../src/jinja/expression/loop-lookups.ts';
import { evaluateExpression, evaluateText } from '../../../src/jinja/template/template.ts';
import { environment } from '../../helpers/jinja/environment.ts';

const files = new Map([['b.txt', '/x/files/b.txt']]);
const here = { ...environment(), locate: (name: string) => files.get(name), glob: () => ['/x/a', '/x/b'] };

describe('items of a loop', () => {
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ['items', [[1, 2], 'a', [[3]]], [1, 2, 'a', [3]]],
    ['list', [[1, 2], 3], [[1, 2], 3]],
    [
      'dict',
      [{ a: 1, b: 2 }],
      [
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
    ],
    [
      'nested',
      [
        [1, 2],
        ['a', 'b'],
      ],
      [
        [1, 'a'],
        [1, 'b'],
        [2, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'together',
      [[1, 2], ['a']],
      [
        [1, 'a'],
        [2, null],
      ],
    ],
    ['flattened', [[1, [2, [3]]], 4], [1, 2, 3, 4]],
    [
      'indexed_items',
      [['a', 'b']],
      [
        [0, 'a'],
        [1, 'b'],
      ],
    ],
    [
      'subelements',
      [[{ n: 1, of: { g: [5, 6] } }], 'of.g'],
      [
        [{ n: 1, of: {} }, 5],
        [{ n: 1, of: {} }, 6],
      ],
    ],
    ['subelements', [[{ n: 1 }], 'g', { skip_missing: true }], []],
    ['sequence', ['start=1 end=7 stride=3 format=u%02d'], ['u01', 'u04', 'u07']],
    ['sequence', ['count=2'], ['1', '2']],
    ['sequence', ['5-3/-1'], ['5', '4', '3']],
    ['sequence', ['start=0x0f count=2 format=%x'], ['f', '10']],
    ['first_found', ['a.txt', 'b.txt'], ['/x/files/b.txt']],
    ['first_found', [{ files: 'a.txt,c.txt', skip: true }], []],
    ['fileglob', ['*'], ['/x/a', '/x/b']],
  ])('%s of %j', (name, terms, expected) => {
    expect(lookupItems(name, terms, here)).toEqual(expected);
  });

  test.each<[string, readonly unknown[], RegExp]>([
    ['dict', [[1]], /needs a mapping, not a list/],
    ['sequence', ['start=x'], /is no sequence/],
    ['subelements', [[{ n: 1 }], 'g'], /needs a list at 'g'/],
    ['first_found', ['a.txt', 'c.txt'], /none of these files is there: a\.txt, c\.txt/],
  ])('%s cannot make items of %j', (name, terms, message) => {
    expect(() => lookupItems(name, terms, here)).toThrow(message);
  });
});

test.each([
  ["lookup('items', 'a', 'b')", 'a,b'],
  ["lookup('dict', {'a': 1})", { key: 'a', value: 1 }],
  ["q('dict', {'a': 1})", [{ key: 'a', value: 1 }]],
  ["query('vars', 'v')", [3]],
])('%s', (expression, expected) => {
  expect(evaluateExpression(expression, environment({ v: 3 }))).toEqual(expected);
});

test.each([
  ['{{ x }}\n', 'a\n', 'a\n'],
  ['{{ x }}\n', 'a', 'a\n'],
  ['b {{ x }}\n\n', 'a\n', 'b a\n\n'],
  ['b {{ x }}', 'a\n', 'b a\n'],
])('line ends of %j with %j', (text, x, expected) => {
  expect(evaluateText(text, environment({ x }))).toBe(expected);
});

// YAML has had its own way with backslashes: in strings of its templates they stand for themselves.
test.each([
  ["{{ 'ansible' | regex_replace('^a.*i(.*)$', 'a\\1') }}", 'able'],
  ["{{ 'a\\nb' }}", 'a\\nb'],
  ["{{ 'x1' is search('\\d') }}", true],
])('%s', (text, expected) => {
  expect(evaluateText(text, environment())).toEqual(expected);
});
