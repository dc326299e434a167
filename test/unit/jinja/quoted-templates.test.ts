import { expect, test } from 'vitest';
import { withoutQuotedTemplates } from '../../../src/jinja/values/quoted-templates.ts';

test.each([
  ["'{{ x }}' == 'a'", "(''~( x )~'') == 'a'"],
  [`x == "b{{ y }}c"`, `x == ("b"~( y )~"c")`],
  ["'{{ x['a'] }}' in l", "(''~( x['a'] )~'') in l"],
  [String.raw`'it\'s {{ x }}' == y`, String.raw`('it\'s '~( x )~'') == y`],
  [`'a' == "{{ a }}{{ b }}"`, `'a' == (""~( a )~""~( b )~"")`],
])('%s', (text, expected) => {
  expect(withoutQuotedTemplates(text)).toBe(expected);
});

test.each([
  "{{ x }} == 'a'",
  "x == 'a'",
  "'{{ x' == 1",
  "'{% if x %}' == y",
  "'{{ x }}' == {{ y }}",
  "'{{ x }}",
])('nothing of %s', (text) => {
  expect(withoutQuotedTemplates(text)).toBeUndefined();
});
