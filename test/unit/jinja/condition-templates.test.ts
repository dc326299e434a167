import { expect, test } from 'vitest';
import { withoutTemplates } from '../../../src/jinja/values/condition-templates.ts';

test.each([
  ["'{{ x }}' == 'a'", "(''~( x )~'') == 'a'"],
  [`x == "b{{ y }}c"`, `x == ("b"~( y )~"c")`],
  ["'{{ x['a'] }}' in l", "(''~( x['a'] )~'') in l"],
  [String.raw`'it\'s {{ x }}' == y`, String.raw`('it\'s '~( x )~'') == y`],
  ["{{ x }} == 'a'", "( x ) == 'a'"],
  ['not {{ x }} and ({{ y }} | int > 3)', 'not ( x ) and (( y ) | int > 3)'],
  ["'{{ x }}' == {{ y }}", "(''~( x )~'') == ( y )"],
  ['x in [{{- y -}}, 2]', 'x in [( y ), 2]'],
  ['{{ x }} is defined', '( x ) is defined'],
  [`'a' == "{{ a }}{{ b }}"`, `'a' == (""~( a )~""~( b )~"")`],
])('%s', (text, expected) => {
  expect(withoutTemplates(text)).toBe(expected);
});

test.each([
  "x == 'a'",
  'x_{{ y }} == 1',
  '{{ x }}_y == 1',
  '{{ x }}.rc == 0',
  '{{ x }}[0] == 0',
  '{{ x }} {{ y }}',
  '{{ x }}(1)',
  'x.{{ y }}',
  'x is {{ y }}',
  'x | {{ y }}',
  '{{ x == 1',
  '{% if x %}1{% endif %} == 1',
  "'{{ x' == 1",
  "'{% if x %}' == y",
  "'{{ x }}",
])('nothing of %s', (text) => {
  expect(withoutTemplates(text)).toBeUndefined();
});
