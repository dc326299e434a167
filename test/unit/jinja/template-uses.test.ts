import fc from 'fast-check';
import minijinja from 'minijinja-js';
import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../src/jinja/expression/expression-parser.ts';
import { usesOfExpression } from '../../../src/jinja/expression/expression-uses.ts';
import { evaluateExpression, renderText } from '../../../src/jinja/template/template.ts';
import { parseTemplate } from '../../../src/jinja/template/template-parser.ts';
import { usesOfTemplate } from '../../../src/jinja/template/template-uses.ts';
import { TemplateError } from '../../../src/jinja/values/template-error.ts';
import { environment } from '../../helpers/jinja/environment.ts';

const namesIn = (template: string): readonly string[] => {
  const { names, guarded } = usesOfTemplate(parseTemplate(template));
  return names.filter(({ name }) => !guarded.has(name)).map(({ name, at }) => `${name}@${at}`);
};

test.each<[string, readonly string[]]>([
  ['{{ a.b.c }}', ['a@3']],
  ["{{ a['b'][c] }}", ['a@3', 'c@10']],
  ['{{ a | join(sep) }}', ['a@3', 'sep@12']],
  ['{{ f(x, key=y) }}', ['f@3', 'x@5', 'y@12']],
  ['{{ \'a\' ~ "b" }} {# c #} {% raw %}{{ d }}{% endraw %}', []],
  ['{% for i in list %}{{ i }}{{ loop.index }}{% endfor %}{{ i }}', ['list@12', 'i@57']],
  ['{% for k, v in m.items() if v %}{{ k }}{% else %}{{ k }}{% endfor %}', ['m@15', 'k@52']],
  ['{% set x = y %}{{ x }}', ['y@11']],
  ['{% macro m(a, b=c) %}{{ a }}{{ d }}{{ caller() }}{% endmacro %}{{ m(1) }}', ['c@16', 'd@31']],
  ['{% call(x) m() %}{{ x }}{% endcall %}{% macro m() %}{% endmacro %}', []],
  ['{% with a = b %}{{ a }}{% endwith %}{{ a }}', ['b@12', 'a@39']],
  ['{{ a | default(b) }}{{ a }}', ['b@15']],
  ['{{ a.b.c | d }}', []],
  ['{% if a is defined and a.b %}{{ a.c }}{% endif %}', []],
  ['{{ a if a is not undefined else b }}', ['b@32']],
  ['{{ true and none or False }}', []],
])('%s takes %j from outside', (template, expected) => {
  expect(namesIn(template)).toEqual(expected);
});

test('names what must be on a list: filters, tests, lookups, hosts variables, groups, facts', () => {
  const uses = usesOfTemplate(
    parseTemplate(
      "{{ a | upper | map('lower') }}{{ b is odd }}{{ c | select('even') }}{{ lookup('file', 'x.txt') }}" +
        "{{ hostvars[h].one }}{{ hostvars['x']['two'] }}{{ hostvars[h].three | default(1) }}" +
        "{{ groups['web'] }}{{ groups.db }}{{ ansible_facts.os }}{% include 'part.j2' %}",
    ),
  );
  const words = (mentions: readonly { readonly name: string }[]) => mentions.map(({ name }) => name);
  expect(new Set(words(uses.filters))).toEqual(new Set(['upper', 'map', 'lower', 'select', 'default']));
  expect(words(uses.tests)).toEqual(['odd', 'even']);
  expect(words(uses.lookups)).toEqual(['file']);
  expect(words(uses.files)).toEqual(['x.txt']);
  expect(words(uses.hostNames)).toEqual(['one', 'two']);
  expect(words(uses.groups)).toEqual(['web', 'db']);
  expect(words(uses.facts)).toEqual(['os']);
  expect(words(uses.includes)).toEqual(['part.j2']);
});

describe('for any input', () => {
  const words = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      '-',
      '+',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '|',
      '.',
      ',',
      ':',
      '=',
      '==',
      '~',
    ],
    ...[
      'a',
      'b',
      'if',
      'else',
      'endif',
      'for',
      'in',
      'endfor',
      'set',
      'is',
      'not',
      'and',
      'defined',
      'default',
      'raw',
    ],
    ...["'x'", '"', "'", '1', '2.5', '**', '//', '\\', '\n', ' ', 'é', '😀', '\u0000'],
  );
  const texts = fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' '));
  const onlyTemplateErrors = (run: () => unknown): boolean => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      if (error.span) expect(error.span.at).toBeLessThanOrEqual(error.span.end);
    }
    return true;
  };

  test('parsing, analysing and rendering end with a result or a TemplateError', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string()), (text) =>
        onlyTemplateErrors(() => {
          usesOfTemplate(parseTemplate(text));
          renderText(text, environment({ a: 1, b: ['x'] }));
        }),
      ),
      { numRuns: 1500 },
    );
    fc.assert(
      fc.property(fc.oneof(texts, fc.string()), (text) =>
        onlyTemplateErrors(() => usesOfExpression(parseExpression(text))),
      ),
      { numRuns: 1500 },
    );
  });

  test('names found are those that evaluation asks for', () => {
    const leaf = fc.constantFrom('a', 'b', 'c', '1', "'x'", 'true', 'none', '[a, 2]', '{"k": b}');
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .tuple(tie('expression'), fc.constantFrom('==', '!=', 'and', 'or', '~'), tie('expression'))
          .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
        tie('expression').map((inner) => `(not ${inner})`),
        tie('expression').map((inner) => `(${inner} | string)`),
        fc
          .tuple(tie('expression'), tie('expression'), tie('expression'))
          .map(([x, y, z]) => `(${x} if ${y} else ${z})`),
      ),
    }));
    const engine = new minijinja.Environment();
    engine.addFilter('string', (value: unknown) => String(value));
    fc.assert(
      fc.property(expression, (text) => {
        const found = new Set(usesOfExpression(parseExpression(text)).names.map(({ name }) => name));
        const asked = new Set<string>();
        const values: Record<string, unknown> = { a: 1, b: 'x', c: [1] };
        evaluateExpression(text, {
          find: (name) => {
            asked.add(name);
            return values[name];
          },
          names: () => [],
        });
        expect([...asked].every((name) => found.has(name))).toBe(true);
        // Another engine by Jinja2's author must accept what this one accepts.
        expect(() => engine.evalExpr(text, values)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});
