import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blockKeywords,
  handlerKeywords,
  importKeywords,
  playKeywords,
  roleKeywords,
  taskKeywords,
} from '../../../../src/language/keywords/keyword-set.ts';
import { roleArguments } from '../../../../src/language/keywords/role-arguments.ts';
import { readSchema, valuesOf } from '../../../../src/language/roles/role-schema.ts';
import { Loading } from '../../../../src/language/source/loading/loading.ts';
import { isValid, schemaErrors } from '../../../../src/language/source/schema/schema-check.ts';
import type { JsonSchema } from '../../../../src/language/source/schema/schema-coercion.ts';
import { compileSchema } from '../../../../src/language/source/schema/schema-compiler.ts';
import { isPlain } from '../../../../src/language/source/schema/schema-fit.ts';
import { schemaProblems } from '../../../../src/language/source/schema/schema-problem.ts';
import { resources } from '../../../helpers/resources/all-resources.ts';

const roles = join(import.meta.dirname, '../../../../roles');
const loading = new Loading(resources);
const shipped = readdirSync(roles).flatMap((role) => {
  const schema = readSchema(loading, join(roles, role))?.schema;
  return schema ? [schema, valuesOf(schema)] : [];
});
const sets = [playKeywords, importKeywords, taskKeywords, handlerKeywords, blockKeywords, roleKeywords];
const known = [
  ...new Set([...resources.values()].map(({ schema }) => schema as JsonSchema)),
  ...sets.map(({ schema }) => schema),
  roleArguments as JsonSchema,
  ...shipped,
];

const scalars = fc.constantFrom<unknown>(
  ...['', 'a', 'yes', '0644', '/etc/a', 'a b', 'ä'.repeat(3), '{{ x }}', 'a{{ x }}', '{% if x %}', '\u0000'],
  ...[0, 1, -1, 1.5, 65536, Number.POSITIVE_INFINITY, true, false, null, undefined],
);
const anyOfThem = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'name', '{{ x }}', '9-'), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).value;

/** Values that a schema takes, and those that miss it narrowly. */
function near(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { enum: choices, const: only, anyOf, items, minimum, maximum, default: usual } = schema;
  const bounds = [minimum, maximum].flatMap((bound) =>
    bound === undefined ? [] : [bound - 1, bound, bound + 1],
  );
  const told = [...(choices ?? []), ...(only === undefined ? [] : [only]), ...bounds];
  const parts: fc.Arbitrary<unknown>[] = (anyOf ?? []).map(near);
  if (told.length > 0) parts.push(fc.constantFrom(...told));
  if (usual !== undefined) parts.push(fc.constant(usual));
  if (typeof items === 'object') parts.push(fc.array(near(items), { maxLength: 3 }));
  if (schema.properties || schema.type === 'object') parts.push(objectNear(schema));
  return fc.oneof(
    { weight: 1, arbitrary: anyOfThem },
    ...parts.map((arbitrary) => ({ weight: 4, arbitrary })),
  );
}

function objectNear({
  properties = {},
  required = [],
  additionalProperties,
}: JsonSchema): fc.Arbitrary<unknown> {
  const inside = Object.entries(properties).map(([name, part]) => [name, near(part)] as const);
  const extra = typeof additionalProperties === 'object' ? near(additionalProperties) : anyOfThem;
  const few = fc.subarray(inside, { maxLength: Math.min(6, inside.length) });
  const needed = inside.filter(([name]) => required.includes(name));
  const others = fc.dictionary(fc.constantFrom('x_more', 'a b', '9'), extra, {
    maxKeys: 1,
    noNullPrototype: true,
  });
  return fc
    .tuple(few, fc.boolean(), others)
    .chain(([some, all, more]) =>
      fc
        .record(Object.fromEntries([...some, ...(all ? needed : [])]))
        .map((value) => ({ ...value, ...more })),
    );
}

// A word that refuses nothing and that only ajv knows.
const askingAjv = (schema: JsonSchema) => ({ ...schema, title: 'left to ajv' });

describe('schemas are judged without ajv as ajv would', () => {
  test('none that comes with provision needs ajv where nothing is wrong', () => {
    expect(known.length).toBeGreaterThan(130);
    expect(known.filter((schema) => !isPlain(schema))).toEqual([]);
    expect(known.filter((schema) => isPlain(askingAjv(schema)))).toEqual([]);
  });

  test('and says of each value what ajv says, with templates in it and without', () => {
    const counts = { right: 0, wrong: 0 };
    const judged = known.map((schema) => {
      const ajv = compileSchema(schema);
      const slow = askingAjv(schema);
      return fc.property(near(schema), (value) => {
        const valid = ajv(value);
        const errors = valid ? [] : ajv.errors;
        counts[valid ? 'right' : 'wrong'] += 1;
        expect(isValid(schema, value)).toBe(valid);
        expect(schemaErrors(schema, value)).toEqual(errors);
        for (const templated of [true, false])
          expect(schemaProblems(schema, value, 'x', templated)).toEqual(
            schemaProblems(slow, value, 'x', templated),
          );
      });
    });
    for (const property of judged) fc.assert(property, { numRuns: 60 });
    expect(counts.right).toBeGreaterThan(500);
    expect(counts.wrong).toBeGreaterThan(500);
  });
});

describe('a schema with a mistake is left to ajv, which says what it is', () => {
  test.each<[string, object]>([
    ['a type that there is not', { type: 'strin' }],
    ['no type', { type: [] }],
    ['a word that there is not', { properties: { a: { tipe: 'string' } } }],
    ['a pattern that is none', { items: { pattern: '(' } }],
    ['a pattern of names that is none', { patternProperties: { '(': {} } }],
    ['a name for two words', { properties: { ab: {} }, patternProperties: { '^a': {} } }],
    ['no choice', { anyOf: [] }],
    ['no value', { enum: [] }],
    ['a length below nothing', { minLength: -1 }],
    ['a bound that is text', { minimum: '1' }],
    ['properties in a list', { properties: ['a'] }],
    ['one needed name', { required: 'a' }],
    ['a name that is needed twice', { required: ['a', 'a'] }],
    ['a type that is named twice', { type: ['string', 'string'] }],
    ['a format that there is not', { format: 'host-paths' }],
    ['a description that is none', { description: 3 }],
  ])('%s', (_, schema) => {
    expect(isPlain(schema)).toBe(false);
    expect(() => schemaErrors(schema, {})).toThrow();
  });

  test('one that contains itself, or a word of JavaScript, is judged by ajv alone', () => {
    const round: Record<string, unknown> = { type: 'object' };
    round.properties = { again: round };
    expect(isPlain(round)).toBe(false);
    expect(isPlain({ hasOwnProperty: 'type' })).toBe(false);
  });
});
