import { describe, expect, test } from 'vitest';
import { prepareArguments } from '../../../src/language/source/schema/prepared-arguments.ts';
import { assertion } from '../../../src/resources/assertion.ts';
import { debug } from '../../../src/resources/debug.ts';
import { fail } from '../../../src/resources/fail.ts';
import type { ControlResource } from '../../../src/resources/resource.ts';
import { setFact } from '../../../src/resources/set-fact.ts';
import { setStats } from '../../../src/resources/set-stats.ts';

const at = () => ({ file: 'test.yml', line: 1, column: 1 });

function faults(resource: ControlResource<never>, value: unknown): string {
  return prepareArguments(resource, value, { at })
    .problems.map(({ message }) => message)
    .join('\n');
}

describe('assert', () => {
  const yes = { condition: 'a == 1', holds: true };
  const no = { condition: 'b is defined', holds: false };

  test.each([
    [{ that: [yes] }, 'ok', undefined],
    [{ that: [yes, yes], success_msg: 'fine' }, 'ok', 'fine'],
    [{ that: [yes], success_msg: 'fine', quiet: true }, 'ok', undefined],
    [{ that: [] }, 'ok', undefined],
    [{ that: yes }, 'ok', undefined],
    [{ that: true }, 'ok', undefined],
    [{ that: [yes, no] }, 'failed', 'Assertion failed: b is defined'],
    [{ that: no, fail_msg: 'set b' }, 'failed', 'set b (assertion: b is defined)'],
    [{ that: no, msg: 'set b' }, 'failed', 'set b (assertion: b is defined)'],
    [{ that: false }, 'failed', 'Assertion failed: false'],
  ])('%j is %s', (want, status, message) => {
    const outcome = assertion.evaluate(want);
    expect([outcome.status, outcome.message]).toEqual([status, message]);
  });

  test('registers the assertion that did not hold', () => {
    expect(assertion.evaluate({ that: [yes, no] }).result).toEqual({
      msg: 'Assertion failed',
      assertion: 'b is defined',
      evaluated_to: false,
    });
  });
});

test('fail fails', () => {
  expect(fail.evaluate({ msg: 'no' })).toEqual({ status: 'failed', message: 'no', result: { msg: 'no' } });
  expect(fail.evaluate({ msg: ['no', 'never'] })).toMatchObject({
    message: 'no\nnever',
    result: { msg: ['no', 'never'] },
  });
  expect(fail.evaluate({}).message).toBe('Failed as requested from task');
});

test.each([
  [{ msg: 'hi' }, 'hi', { msg: 'hi' }],
  [{ msg: { a: [1] } }, '{\n  "a": [\n    1\n  ]\n}', { msg: { a: [1] } }],
  [{ msg: false }, 'false', { msg: false }],
  [{}, 'Hello world!', { msg: 'Hello world!' }],
  [{ var: { expression: 'x.y', value: 'z' } }, 'x.y: z', { 'x.y': 'z' }],
  [{ msg: 'hi', verbosity: 2 }, undefined, { msg: 'hi' }],
])('debug %j', (want, message, result) => {
  expect(debug.evaluate(want)).toEqual({ status: 'ok', ...(message !== undefined && { message }), result });
});

test('debug takes a message or a variable', () => {
  expect(faults(debug, { msg: 'a', var: 'b' })).toMatch(/only one of/);
});

test('set_fact gives all but cacheable', () => {
  const outcome = setFact.evaluate({ a: 1, b: [null], cacheable: true });
  expect(outcome.facts).toEqual({ a: 1, b: [null] });
});

test.each([
  [{ '2a': 1 }, /2a|pattern|property name/],
  [{ 'a-b': 1 }, /a-b|pattern|property name/],
])('set_fact refuses the name in %j', (value, message) => {
  expect(faults(setFact as ControlResource<never>, value)).toMatch(message);
});

test('set_stats names values in its result', () => {
  expect(setStats.evaluate({ data: { a: [1] }, per_host: true })).toEqual({
    status: 'ok',
    result: { ansible_stats: { data: { a: [1] }, per_host: true, aggregate: true } },
  });
});
