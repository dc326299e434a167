import { Type as Typebox } from 'typebox';
import { expect, test } from 'vitest';
import { Type as Builders } from '../../../build/runtime/typebox-builders.ts';

type Build = (type: typeof Typebox) => object;

test.each<[string, Build]>([
  ['Any', (type) => type.Any({ description: 'x' })],
  ['Array', (type) => type.Array(type.String({ minLength: 1 }), { description: 'x' })],
  ['Boolean', (type) => type.Boolean({ default: true })],
  ['Enum', (type) => type.Enum(['a', 'b'], { default: 'a' })],
  ['Integer', (type) => type.Integer({ minimum: 1 })],
  ['Literal of text', (type) => type.Literal('sudo', { description: 'x' })],
  ['Literal of a number', (type) => type.Literal(3)],
  ['Number', (type) => type.Number({ maximum: 2 })],
  [
    'Object',
    (type) =>
      type.Object({ a: type.Optional(type.Integer({ default: 3 })), b: type.String() }, { anyOf: [{}] }),
  ],
  ['Object of optional parts', (type) => type.Object({ a: type.Optional(type.Any()) })],
  [
    'Object of reused parts',
    (type) => type.Object({ ...type.Partial(type.Object({ a: type.Any() })).properties }),
  ],
  [
    'Partial',
    (type) =>
      type.Partial(type.Object({ a: type.Integer(), b: type.Optional(type.String()) }), {
        additionalProperties: false,
      }),
  ],
  ['Record', (type) => type.Record(type.String(), type.Unknown(), { description: 'x' })],
  ['String', (type) => type.String({ pattern: '^a' })],
  ['Union', (type) => type.Union([type.Boolean(), type.Array(type.Unknown())], { description: 'x' })],
  ['Unknown', (type) => type.Unknown()],
])('the bundle builds the same schema as typebox: %s', (_, build) => {
  expect(JSON.stringify(build(Builders as unknown as typeof Typebox))).toBe(JSON.stringify(build(Typebox)));
});
