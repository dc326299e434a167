import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { evaluateText, renderText } from '../../../src/jinja/template/template.ts';
import { environment, failure } from '../../helpers/jinja/environment.ts';

/** A case of a file in cases/; every file there is found by itself. */
interface JinjaCase {
  readonly template: string;
  readonly variables?: Record<string, unknown>;
  readonly expected: string;
}

describe.each(readdirSync(join(import.meta.dirname, 'cases')))('%s', (file) => {
  const cases = load(readFileSync(join(import.meta.dirname, 'cases', file), 'utf8')) as readonly JinjaCase[];
  test.each(cases)('renders $template as Jinja2 does', ({ template, variables = {}, expected }) => {
    expect(renderText(template, environment(variables))).toBe(expected);
  });
});

describe('differs from Python on purpose', () => {
  test.each([
    ['a list in place of a tuple', "{{ {'a': 1}.items() | list }}", "[['a', 1]]"],
    ['a key before a method of the same name', '{{ x.items }}', 'mine'],
  ])('%s', (_, template, expected) => {
    expect(renderText(template, environment({ x: { items: 'mine' } }))).toBe(expected);
  });
});

test.each<[string, unknown]>([
  ['{{ number }}', 514],
  ['{{ flag }}', true],
  ['{{ nothing }}', null],
  ['{{ list }}', [1, 'two']],
  ['{{ {"a": list} }}', { a: [1, 'two'] }],
  ['{{ number + 1 }}', 515],
  ['port {{ number }}', 'port 514'],
  ['{{ number }}{{ number }}', '514514'],
  ['{{ flag }} {{ nothing }}', 'True '],
  ['{% if flag %}yes{% endif %}', 'yes'],
  ['plain } text {', 'plain } text {'],
])('%s alone keeps its type', (template, expected) => {
  const variables = { number: 514, flag: true, nothing: null, list: [1, 'two'] };
  expect(evaluateText(template, environment(variables))).toEqual(expected);
});

test('undefined parts may be tested and given defaults at any depth, as in Ansible', () => {
  const env = environment({ a: {} });
  const template =
    "{{ a.b.c | default('x') }} {{ a.b.c is defined }} {{ z.y is undefined }} {{ z['k'] | d(1) }}";
  expect(renderText(template, env)).toBe('x False True 1');
});

test.each<[string, string, number, string | undefined]>([
  ['{{ portt }}', "the variable 'portt' is not defined", 3, "did you mean 'port'?"],
  ['{{ server.prot }}', "'server' has no key 'prot'", 10, "did you mean 'port'?"],
  ['{{ server.port.x }}', "'server.port' (a number) has no 'x'", 15, undefined],
  ['{{ list[7] }}', "'list' has 2 items, there is no [7]", 8, undefined],
  ['x {{ [port, portt] }}', "the variable 'portt' is not defined", 12, "did you mean 'port'?"],
  ['{% if portt %}{% endif %}', "the variable 'portt' is not defined", 6, "did you mean 'port'?"],
  ['{% for a in portt %}{% endfor %}', "the variable 'portt' is not defined", 12, "did you mean 'port'?"],
  ["{{ portt == 'x' }}", "the variable 'portt' is not defined", 3, "did you mean 'port'?"],
  ['{{ portt | to_json }}', "the variable 'portt' is not defined", 3, "did you mean 'port'?"],
  ['{{ port | lowr }}', "there is no filter 'lowr'", 10, "did you mean 'lower'?"],
  ['{{ port is strng }}', "there is no test 'strng'", 3, "did you mean 'string'?"],
  ['{{ rnge(3) }}', "there is no function 'rnge'", 3, "did you mean 'range'?"],
  ['{{ "a".uper() }}', "text has no method 'uper'", 7, "did you mean 'upper'?"],
  ["{{ 'a' + 1 }}", 'text and a number cannot be added', 3, 'use ~ to join texts, or | int to make a number'],
  ["{{ '5' < 6 }}", 'text and a number cannot be compared', 3, 'turn the text into a number with | int'],
  ['{{ 1 / 0 }}', 'a number cannot be divided by 0', 3, undefined],
  [
    '{{ port | join(sep="x") }}',
    "the filter 'join' has no argument 'sep'",
    10,
    'choose one of: attribute, d',
  ],
  [
    '{{ "x" | json_query }}',
    "the filter 'json_query' is not supported",
    9,
    expect.stringContaining('selectattr'),
  ],
  [
    "{{ lookup('pipe', 'date') }}",
    "the lookup 'pipe' is not allowed",
    3,
    expect.stringContaining('PROVISION_LOOKUP_PIPE=allow'),
  ],
  ["{{ lookup('url', 'x') }}", "the lookup 'url' is not supported", 3, expect.anything()],
  ['{{ list | random }}', 'random needs a seed', 10, 'write random(seed=inventory_hostname)'],
  [
    '{% do list.append(1) %}',
    "'append' would change a variable's own value",
    6,
    expect.stringContaining('+'),
  ],
  ['{{ "x" | from_json }}', expect.stringContaining('the text is not JSON'), 9, undefined],
  ['{{ port | mandatory("say it") ~ (none_here | mandatory("say why")) }}', 'say why', 45, undefined],
])('%s fails with its place', (template, message, at, hint) => {
  const error = failure(template, { port: 514, server: { port: 514 }, list: [1, 2] });
  expect({ message: error.message, at: error.span?.at, hint: error.hint }).toEqual({ message, at, hint });
});

test.each<[string, string, number]>([
  ['{{ a', "'{{' is never closed with '}}'", 0],
  ['x {% if a %}y', "'if' is never ended with 'endif'", 2],
  ['{{ (a }}', "'(' is never closed", 3],
  ['{{ a ]', "']' closes nothing", 5],
  ['{{ a = 1 }}', "'=' was not expected here", 5],
  ["{{ 'a }}", 'the text is never closed', 3],
  ['{% fi %}', "there is no statement 'fi'", 3],
  ['{% endif %}', "'endif' ends or continues nothing that is open here", 3],
  ["{% extends 'x' %}", "the statement 'extends' is not supported", 3],
  ['{{ }}', 'there is nothing between {{ and }}', 0],
  ['{{ a && b }}', "'&' means nothing here", 5],
  ['{{ a.. }}', 'a name is missing', 5],
  ['{% set true = 1 %}', "'true' cannot be assigned to", 7],
  ['{# x', "the comment is never closed with '#}'", 0],
  ['{% raw %}x', "'raw' is never ended with 'endraw'", 0],
])('%s is refused with its place', (template, message, at) => {
  const error = failure(template);
  expect({ message: error.message, at: error.span?.at, code: error.code }).toEqual({
    message,
    at,
    code: 'template-syntax',
  });
});

test('what calls itself without end is an error, not a crash', () => {
  expect(failure('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}').message).toBe(
    'the template calls itself without end',
  );
  expect(failure(`{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`).message).toBe(
    'the expression is nested too deeply',
  );
});
