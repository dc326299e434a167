import type { JsonSchema } from '../source/schema/schema-coercion.ts';

/** A schema for an editor, which knows `$ref` too. */
export type EditorSchema = Readonly<Record<string, unknown>>;

/** Text with a template in it: it may stand for a value of any type. */
const template = { type: 'string', pattern: '\\{[{%#]' };
const booleanWords = {
  type: 'string',
  pattern: '^([yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF|[tT]rue|TRUE|[fF]alse|FALSE|y|n)$',
};
const scalars = { type: ['string', 'number', 'boolean'] };

/**
 * A schema as an editor should judge by it: what loading fits to the type is as good as the type (`yes`, "514", one thing for
 * a list), and a template may stand anywhere. The description stays outside, where editors look for it.
 */
export function lenient({ description, ...schema }: JsonSchema): EditorSchema {
  const said = description === undefined ? {} : { description };
  const shapes = shapesOf(schema);
  return { ...said, ...(shapes.length > 0 && { anyOf: [...shapes, template] }) };
}

function shapesOf(schema: JsonSchema): readonly EditorSchema[] {
  const { type, items, anyOf, enum: choice, const: only, pattern, minLength, minimum, maximum } = schema;
  if (anyOf) return anyOf.flatMap((one) => shapesOf(one));
  if (choice) return [{ enum: choice }];
  if (only !== undefined) return [{ enum: [only] }];
  if (type === 'boolean') return [{ type }, booleanWords, { enum: [0, 1] }];
  if (type === 'integer' || type === 'number')
    return [
      { type, ...defined({ minimum, maximum }) },
      { type: 'string', pattern: '^[-+]?[0-9]' },
    ];
  if (type === 'string')
    return pattern === undefined && minLength === undefined
      ? [scalars]
      : [{ type, ...defined({ pattern, minLength }) }, { type: ['number', 'boolean'] }];
  if (type === 'array') {
    const item = typeof items === 'object' && Object.keys(items).length > 0 ? items : undefined;
    const one = item === undefined ? [scalars] : shapesOf(item);
    return [{ type, ...(item && { items: lenient(item) }) }, ...one, { type: 'string' }];
  }
  return type === 'object' ? [objectOf(schema)] : [];
}

function objectOf({
  properties,
  patternProperties,
  additionalProperties,
  required,
}: JsonSchema): EditorSchema {
  const rest =
    typeof additionalProperties === 'object' ? lenient(additionalProperties) : additionalProperties;
  return {
    type: 'object',
    ...defined({
      properties: properties && lenientEach(properties),
      patternProperties: patternProperties && lenientEach(patternProperties),
      additionalProperties: rest,
      required,
    }),
  };
}

/** The same for each of some named schemas. */
export function lenientEach(
  schemas: Readonly<Record<string, JsonSchema>>,
): Readonly<Record<string, EditorSchema>> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, lenient(schema)]));
}

function defined(words: EditorSchema): EditorSchema {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
}
