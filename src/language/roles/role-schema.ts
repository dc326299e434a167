import type { Position } from '../../errors/problem.ts';
import { thrownText } from '../../errors/thrown-text.ts';
import { literalPattern } from '../../jinja/values/literal-pattern.ts';
import { isMapping } from '../../jinja/values/value.ts';
import { displayPath, type Loading } from '../source/loading/loading.ts';
import { schemaErrors } from '../source/schema/schema-check.ts';
import type { JsonSchema } from '../source/schema/schema-coercion.ts';
import { patternOf } from '../source/schema/schema-fit.ts';
import { roleFiles } from './role-search.ts';

/** The variables that a role declares. */
export interface RoleSchema {
  readonly names: readonly string[];
  readonly required: readonly string[];
  readonly at: Position;
  /** Whether it means to name all variables of the role: Ansible's argument_specs names what it likes. */
  readonly whole: boolean;
  /** A schema for a mapping that holds any of the variables: what must be set is asked elsewhere. */
  readonly values: object;
  declares(name: string): boolean;
  /** What the role says of a variable. */
  describes(name: string): string | undefined;
}

// How texts are written that Ansible reads as another type.
const written = {
  int: '\\s*[-+]?\\d+\\s*',
  float: '\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?\\s*',
  bool: '([yY]([eE][sS])?|[nN][oO]?|[oO][nN]|[oO][fF][fF]|1|0|[tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?)',
};

// What Ansible takes for each type: it looks whether a value can be read as such, and leaves it as it is.
const number = (type: 'integer' | 'number', text: string): JsonSchema => ({
  anyOf: [{ type }, { type: 'boolean' }, { type: 'string', pattern: `^${text}$` }],
});
const types: Readonly<Record<string, JsonSchema>> = {
  str: {},
  path: {},
  raw: {},
  int: number('integer', written.int),
  float: number('number', written.float),
  bool: {
    anyOf: [{ type: 'boolean' }, { enum: [0, 1] }, { type: 'string', pattern: `^${written.bool}$` }],
  },
  list: { type: 'array' },
  dict: { type: 'object' },
};

// A text is a list of what stands between its commas, a number or a boolean a list of one.
function listOf(spec: Readonly<Record<string, unknown>>, list: JsonSchema): JsonSchema {
  const { elements = 'raw', choices } = spec;
  const words: Readonly<Record<string, string | undefined>> = written;
  const word = Array.isArray(choices)
    ? `(${choices.map((one) => literalPattern(String(one))).join('|')})`
    : words[String(elements)];
  if (word === undefined && !['str', 'path', 'raw'].includes(String(elements))) return list;
  const text = { type: 'string', ...(word !== undefined && { pattern: `^${word}(,${word})*$` }) };
  const single = Array.isArray(choices) ? [] : [{ type: 'number' }, { type: 'boolean' }];
  const none = spec.required === true ? [] : [{ type: 'null' }];
  return { anyOf: [list, text, ...single, ...none] };
}

/** One option of Ansible's argument_specs as JSON Schema. */
function fromSpec(spec: unknown): JsonSchema {
  if (!isMapping(spec)) return {};
  const base = types[String(spec.type ?? 'str')] ?? {};
  const isList = spec.type === 'list';
  // Choices of a list are those of its items.
  const items = isList
    ? { items: fromSpec({ ...spec, type: spec.elements ?? 'raw', elements: undefined }) }
    : {};
  const isNested = isMapping(spec.options) && spec.elements === undefined;
  const nested = isNested ? fromOptions(spec.options) : {};
  const choices = Array.isArray(spec.choices) && !isList ? { enum: spec.choices } : {};
  const described = descriptionOf(spec);
  const description = described === undefined ? {} : { description: described };
  if (isList) return { ...listOf(spec, { ...base, ...items }), ...description };
  const { type, ...rest } = { ...base, ...nested, ...choices, ...description };
  // ajv's strict mode wants no type beside an enum of mixed values.
  return type !== undefined && !('enum' in choices) ? { type, ...rest } : rest;
}

function fromOptions(options: unknown): JsonSchema {
  const entries = isMapping(options) ? Object.entries(options) : [];
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, spec]) => [name, fromSpec(spec)])),
    required: entries.filter(([, spec]) => isMapping(spec) && spec.required === true).map(([name]) => name),
    additionalProperties: false,
  };
}

/** The schema that a role declares, as it is written or made of Ansible's words. */
export function readSchema(
  loading: Loading,
  directory: string,
): { readonly schema: JsonSchema; readonly file: string } | undefined {
  const [file] = roleFiles(directory, 'meta', 'schema');
  if (file !== undefined) {
    const node = loading.mapping(file, 'a schema');
    return node && { schema: node.value as JsonSchema, file };
  }
  const [specs] = roleFiles(directory, 'meta', 'argument_specs');
  const node = specs === undefined ? undefined : loading.mapping(specs, 'argument_specs');
  const options = node?.get('argument_specs')?.get('main')?.get('options')?.value;
  return specs !== undefined && options !== undefined
    ? { schema: fromOptions(options), file: specs }
    : undefined;
}

// In argument_specs a description may be a list of paragraphs.
function descriptionOf(property: JsonSchema | undefined): string | undefined {
  const { description } = (property ?? {}) as { readonly description?: unknown };
  const text = Array.isArray(description) ? description.join(' ') : description;
  return typeof text === 'string' && text.trim() !== '' ? text.trim().replace(/\.$/, '') : undefined;
}

/** The schema of single values: what must be set together is asked elsewhere. */
export function valuesOf(schema: JsonSchema): JsonSchema {
  const {
    required: _,
    allOf: __,
    anyOf: ___,
    ...values
  } = schema as JsonSchema & { readonly allOf?: unknown };
  return values;
}

/** The declaration of a role's variables (`meta/schema.yml`, or Ansible's `meta/argument_specs.yml`), if it has one. */
export function roleSchema(loading: Loading, directory: string): RoleSchema | undefined {
  const read = readSchema(loading, directory);
  if (!read) return undefined;
  const { schema, file } = read;
  const at = { file: displayPath(file), line: 1, column: 1 };
  try {
    schemaErrors(schema, {});
  } catch (error) {
    const why = thrownText(error);
    loading.report({ code: 'wrong-schema', message: 'this is not a JSON Schema of variables', at, why });
    return undefined;
  }
  const properties = schema.properties ?? {};
  return {
    names: Object.keys(properties),
    required: schema.required ?? [],
    at,
    whole: !/argument_specs\.\w+$/.test(file),
    declares: (name) =>
      Object.hasOwn(properties, name) ||
      Object.keys(schema.patternProperties ?? {}).some((pattern) => patternOf(pattern).test(name)),
    describes: (name) => descriptionOf(properties[name]),
    values: valuesOf(schema),
  };
}
