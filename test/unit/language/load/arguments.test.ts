import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { prepareArguments } from '../../../../src/language/source/schema/prepared-arguments.ts';
import type { AnyResource } from '../../../../src/resources/resource.ts';

const resource: AnyResource = {
  kind: 'control',
  name: 'sample',
  summary: 'a sample',
  conditions: ['that'],
  freeform: 'cmd',
  evaluate: () => ({ status: 'ok' }),
  schema: Type.Object(
    {
      cmd: Type.Optional(Type.String()),
      flag: Type.Optional(Type.Boolean()),
      count: Type.Integer({ default: 3, minimum: 1 }),
      ratio: Type.Optional(Type.Number()),
      names: Type.Optional(Type.Array(Type.String())),
      that: Type.Optional(Type.Array(Type.String())),
      mode: Type.Optional(Type.String()),
      either: Type.Optional(Type.Union([Type.Boolean(), Type.Literal('auto')])),
      state: Type.Optional(Type.Enum(['on', 'off'])),
      map: Type.Optional(Type.Record(Type.String(), Type.Integer())),
      inner: Type.Optional(
        Type.Object({ deep: Type.Boolean({ default: false }) }, { additionalProperties: false }),
      ),
    },
    { additionalProperties: false },
  ),
};

const places = {
  at: (...path: readonly (string | number)[]) => ({ file: path.join('.'), line: 1, column: 1 }),
};

describe('what fits', () => {
  test.each([
    ['uptime', { cmd: 'uptime', count: 3 }],
    [null, { count: 3 }],
    [{ flag: 'yes' }, { flag: true, count: 3 }],
    [{ flag: 'Off' }, { flag: false, count: 3 }],
    [{ flag: 1 }, { flag: true, count: 3 }],
    [{ count: '514' }, { count: 514 }],
    [{ ratio: '0.5' }, { ratio: 0.5, count: 3 }],
    [{ cmd: 5 }, { cmd: '5', count: 3 }],
    [{ names: 'a' }, { names: ['a'], count: 3 }],
    [{ names: 'a, b,c' }, { names: ['a', 'b', 'c'], count: 3 }],
    [{ names: 'one two, three' }, { names: ['one two, three'], count: 3 }],
    [{ names: 5 }, { names: ['5'], count: 3 }],
    [{ that: 'x,y' }, { that: ['x,y'], count: 3 }],
    [{ either: 'no' }, { either: false, count: 3 }],
    [{ either: 'auto' }, { either: 'auto', count: 3 }],
    [{ state: 'on' }, { state: 'on', count: 3 }],
    [{ map: { a: '1' } }, { map: { a: 1 }, count: 3 }],
    [{ inner: {} }, { inner: { deep: false }, count: 3 }],
  ])('%j', (given, args) => {
    expect(prepareArguments(resource, given, places)).toEqual({ args, problems: [] });
  });
});

describe('what does not', () => {
  test.each([
    [{ flag: 'maybe' }, "'flag' must be true or false, not 'maybe'", 'flag'],
    [{ count: 0 }, "'count' must be at least 1, not 0", 'count'],
    [{ count: '5x' }, "'count' must be a whole number, not '5x'", 'count'],
    [{ mode: 644 }, "'mode' must be quoted: YAML reads it as the number 644", 'mode'],
    [{ cmd: {} }, "'cmd' must be text, not a mapping", 'cmd'],
    [{ cmd: null }, "'cmd' has no value", 'cmd'],
    [{ names: { a: 1 } }, "'names' must be a list of texts, not a mapping", 'names'],
    [{ names: ['a', ['b']] }, "'names[1]' must be text, not a list", 'names.1'],
    [{ either: 'never' }, "'either' must be 'auto' or true or false, not 'never'", 'either'],
    [{ state: 'onn' }, "'state' cannot be 'onn'", 'state'],
    [{ map: { a: 'x' } }, "'map.a' must be a whole number, not 'x'", 'map.a'],
    [{ inner: { deeep: true } }, "unknown key 'deeep' in 'inner'", 'inner.deeep'],
    [{ flagg: true }, "unknown key 'flagg' in sample", 'flagg'],
    [[1], 'sample must be a mapping, not a list', ''],
  ])('%j', (given, message, place) => {
    const { problems } = prepareArguments(resource, given, places);
    expect(problems.map((problem) => [problem.message, problem.at?.file])).toEqual([[message, place]]);
  });
});

describe('before templates are rendered', () => {
  test.each([
    [
      {
        flag: '{{ x }}',
        count: '{{ y }}',
        names: '{{ z }}',
        either: '{% if a %}auto{% endif %}',
        state: '{{ s }}',
      },
    ],
    [{ names: ['a', '{{ x }}'], map: { a: '{{ x }}' }, inner: '{{ x }}' }],
  ])('%j passes', (given) => {
    expect(prepareArguments(resource, given, places, { templated: true }).problems).toEqual([]);
  });

  test('a number with a fraction must be quoted where text is wanted', () => {
    const { problems } = prepareArguments(resource, { cmd: 1.1 }, places, { templated: true });
    expect(problems).toMatchObject([{ code: 'wrong-type', hint: 'put it in quotes' }]);
  });

  test('keys are checked all the same', () => {
    const { problems } = prepareArguments(resource, { flga: '{{ x }}' }, places, { templated: true });
    expect(problems).toMatchObject([{ code: 'unknown-key', hint: "did you mean 'flag'?" }]);
  });
});
