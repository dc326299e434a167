import { expect, test } from 'vitest';
import { evaluateExpression } from '../../../src/jinja/template/template.ts';
import { TemplateError } from '../../../src/jinja/values/template-error.ts';
import { environment } from '../../helpers/jinja/environment.ts';

// What Python prints for the same.
test.each<[string, unknown]>([
  ["'%Y-%m-%d %H:%M:%S %j %y %C' | strftime(1000000000, utc=true)", '2001-09-09 01:46:40 252 01 20'],
  ["'%a %A %b %B %e %I %p %w %u' | strftime(1e9, true)", 'Sun Sunday Sep September  9 01 AM 0 7'],
  ["'%U %W %V %G %g' | strftime(1000000000, utc=true)", '36 36 36 2001 01'],
  [
    "'%c|%x|%X|%D|%F|%T|%R|%r|%h' | strftime(1000000000, utc=true)",
    'Sun Sep  9 01:46:40 2001|09/09/01|01:46:40|09/09/01|2001-09-09|01:46:40|01:46|01:46:40 AM|Sep',
  ],
  ["'%z %Z %% %f %Q' | strftime(0, utc=true)", '+0000 GMT % %f %Q'],
  ["'%-d %_d %^a %V %G' | strftime(1609459200, utc=true)", '1  1 FRI 53 2020'],
  ["'2020-02-29 10:20:30' | to_datetime", '2020-02-29 10:20:30'],
  ["('2016-08-14 20:00:12' | to_datetime) - ('2015-12-25' | to_datetime('%Y-%m-%d'))", '233 days, 20:00:12'],
  [
    "(('2016-08-14 20:00:12' | to_datetime) - ('2016-08-14 18:00:00' | to_datetime)).total_seconds()",
    '7212.0',
  ],
  ["(('2016-08-14 20:00:12' | to_datetime) - ('2016-08-15 18:00:00' | to_datetime)).days", '-1'],
  ["(('2016-08-14 20:00:12' | to_datetime) - ('2016-08-15 18:00:00' | to_datetime)).seconds", '7212'],
  [
    "('2020-01-01 00:00:00.25' | to_datetime('%Y-%m-%d %H:%M:%S.%f')).isoformat()",
    '2020-01-01T00:00:00.250000',
  ],
  ["('3 Mar 99' | to_datetime('%d %b %y')).strftime('%j/%Y %a')", '062/1999 Wed'],
  ["('2020-05-06 07:08:09' | to_datetime).month", '5'],
  ["('2020-05-06 07:08:09' | to_datetime).weekday()", '2'],
  ["('11:05 PM' | to_datetime('%I:%M %p')).hour", '23'],
  ["('2020-01-01' | to_datetime('%Y-%m-%d')) < ('2020-01-02' | to_datetime('%Y-%m-%d'))", 'True'],
  ["('2020-01-01' | to_datetime('%Y-%m-%d')) == ('01/01/20' | to_datetime('%D'))", 'True'],
])('%s', (expression, shown) => {
  expect(evaluateExpression(`(${expression}) | string`, environment())).toBe(shown);
});

test('the time now', () => {
  const seconds = Date.now() / 1000;
  expect(Number(evaluateExpression("now(fmt='%s')", environment()))).toBeCloseTo(seconds, -1);
  expect(Number(evaluateExpression("'%s' | strftime", environment()))).toBeCloseTo(seconds, -1);
  expect(evaluateExpression('now(utc=true) | string', environment())).toContain(
    new Date().toISOString().slice(0, 10),
  );
});

test.each([
  ["'2020-13-01 00:00:00' | to_datetime", /does not fit the format/],
  ["'2021-02-29' | to_datetime('%Y-%m-%d')", /out of range for its month/],
  ["'x' | to_datetime('%Q')", /cannot be read/],
  ["('2020-01-01' | to_datetime('%Y-%m-%d')) + 1", /a time and a number cannot be added/],
])('%s fails', (expression, message) => {
  expect(() => evaluateExpression(expression, environment())).toThrow(TemplateError);
  expect(() => evaluateExpression(expression, environment())).toThrow(message);
});
