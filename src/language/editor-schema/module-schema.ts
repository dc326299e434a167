import type { AnyResource } from '../../resources/resource.ts';
import type { JsonSchema } from '../source/schema/schema-coercion.ts';
import { type EditorSchema, lenientEach } from './lenient-schema.ts';

/** What may stand behind the name of a resource: its arguments, as a mapping or in one text. */
export function moduleSchema({ schema, summary, argumentAliases = {}, freeform }: AnyResource): EditorSchema {
  const { properties = {}, required = [], additionalProperties } = schema as JsonSchema;
  const own = lenientEach(properties);
  const other = Object.entries(argumentAliases).flatMap(([name, aliases]) =>
    aliases.map((alias) => [alias, own[name] ?? {}] as const),
  );
  // What has a default may be left out, and what may have another name, or stand in the text, cannot be asked for by its own.
  const wanted = required.filter(
    (name) =>
      argumentAliases[name] === undefined && name !== freeform && properties[name]?.default === undefined,
  );
  const mapping = {
    type: 'object',
    properties: { ...own, ...Object.fromEntries(other) },
    ...(wanted.length > 0 && { required: wanted }),
    ...(additionalProperties === false && { additionalProperties }),
  };
  return {
    description: summary,
    anyOf: [
      mapping,
      { type: ['string', 'null', 'number', 'boolean'] },
      ...listIn(schema as JsonSchema, freeform),
    ],
  };
}

// A resource whose free-form argument takes several things takes a list in its place.
function listIn({ properties = {} }: JsonSchema, freeform: string | undefined): readonly EditorSchema[] {
  return freeform !== undefined && properties[freeform]?.type === 'array' ? [{ type: 'array' }] : [];
}
