import { expect, test } from 'vitest';
import {
  fixedParts,
  hasTemplate,
  isInBraces,
  isTemplate,
  withNames,
  withoutMarks,
} from '../../../src/jinja/values/template-marks.ts';

test.each([
  ['{{ a }}', true],
  ['x {% if a %}', true],
  ['{# a comment #}', true],
  ['{ a }', false],
  ['', false],
  [514, false],
  [null, false],
  [['{{ a }}'], false],
])('%j is a template: %s', (value, expected) => {
  expect(isTemplate(value)).toBe(expected);
});

test.each([
  [['a', { b: ['{{ c }}'] }], true],
  [{ a: 'b', c: [1, null] }, false],
])('a template stands in %j: %s', (value, expected) => {
  expect(hasTemplate(value)).toBe(expected);
});

test('what stands around templates is fixed', () => {
  expect(fixedParts('a{{ b\n}}c{# d #}{% if e %}f')).toEqual(['a', 'c', '', 'f']);
});

test.each([
  ['{{ a == 1 }}', true],
  [' {{ a }}\n', true],
  ['{{ a }} == {{ b }}', false],
  ['not {{ a }}', false],
  ['{% if a %}b{% endif %}', false],
  ['a', false],
  [true, false],
])('%j is one expression in braces: %s', (value, expected) => {
  expect(isInBraces(value)).toBe(expected);
});

test('a condition is shown without its marks', () => {
  expect(withoutMarks("{# why #}{{ a }} == 'b'")).toBe("a == 'b'");
});

test('names that are known are put in, others stay', () => {
  const known = new Map([['role_path', '/r']]);
  expect(withNames('{{role_path}}/{{ item }}.yml', known)).toBe('/r/{{ item }}.yml');
});
