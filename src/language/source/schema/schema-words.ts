import { isMapping } from '../../../jinja/values/value.ts';
import type { JsonSchema } from './schema-coercion.ts';

/** A value as messages show it: short, and never more than its beginning. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 37)}...` : value}'`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return isMapping(value) ? 'a mapping' : String(value);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

function typeName(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => typeNames[String(one)] ?? String(one)).join(' or ');
}

/** What a schema asks for, in words. */
export function wanted(schema: JsonSchema): string {
  if (schema.anyOf) {
    const constants = schema.anyOf
      .filter((branch) => branch.const !== undefined)
      .map((branch) => branch.const);
    const others = schema.anyOf.filter((branch) => branch.const === undefined).map(wanted);
    const words = constants.map((constant) => `'${constant}'`);
    return [...new Set([...words, ...others])].join(' or ');
  }
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return `'${schema.const}'`;
  const items = typeof schema.items === 'object' && schema.items.type ? schema.items : undefined;
  if (schema.type === 'array' && items?.type)
    return `a list of ${items.type === 'string' ? 'texts' : `items, each ${wanted(items)}`}`;
  return schema.type ? typeName(schema.type) : 'something else';
}

/** How messages call a part of a value: `'a.b[2]'`, or the subject for the whole. */
export function placeName(path: readonly (string | number)[], subject: string): string {
  if (path.length === 0) return subject;
  return `'${path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')}'`;
}
