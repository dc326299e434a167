import { isTemplate } from '../../../jinja/values/template-marks.ts';
import { isMapping } from '../../../jinja/values/value.ts';
import { WholeFloat } from '../../../python/whole-float.ts';
import { isValid } from './schema-check.ts';
import { patternOf } from './schema-fit.ts';

/** How loosely a value may be read. */
export interface CoercionOptions {
  /** Strings may still hold templates, which are left alone. */
  readonly templated: boolean;
  /** Whether `a,b` at this key may mean the list [a, b]. */
  readonly splits?: (key: string) => boolean;
}

/** The words of JSON Schema that are used here. */
export interface JsonSchema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

const words: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'on', 'true', 'y', '1'].map((word) => [word, true] as const),
  ...['no', 'off', 'false', 'n', '0'].map((word) => [word, false] as const),
]);

/** A YAML 1.1 boolean word (`yes`, `off`) as a boolean; undefined for anything else. */
export function booleanWord(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return words.get(String(value).toLowerCase());
}

// A float keeps its spelling only in quotes (1.10 is 1.1), and a mode is octal: both stay numbers, to be refused.
function textOf(value: unknown, key: string, templated: boolean): unknown {
  const spelt =
    typeof value === 'number' && (Number.isSafeInteger(value) || !templated) && !/mode$/.test(key);
  return spelt ? String(value) : value;
}

function scalarAs(type: string, value: unknown, key: string, templated: boolean): unknown {
  if (value instanceof WholeFloat) {
    if (type === 'integer' || type === 'number') return value.valueOf();
    // What is written without quotes is refused, for 1.10 is 1.1.
    return type === 'string' && !templated ? String(value) : value.valueOf();
  }
  if (type === 'boolean') return booleanWord(value) ?? value;
  // A word such as `yes` where text is wanted: Python's word for it, as Ansible takes it.
  if (type === 'string' && typeof value === 'boolean') return value ? 'True' : 'False';
  if (type === 'string') return textOf(value, key, templated);
  if (typeof value !== 'string') return value;
  if (type === 'integer' && /^[-+]?\d+$/.test(value.trim())) return Number(value);
  if (type === 'number' && /^[-+]?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  return value;
}

function objectAs(schema: JsonSchema, value: Readonly<Record<string, unknown>>, options: CoercionOptions) {
  const result: Record<string, unknown> = {};
  const patterns = Object.entries(schema.patternProperties ?? {});
  const extra = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  for (const [key, part] of Object.entries(value)) {
    const pattern = patterns.find(([source]) => patternOf(source).test(key))?.[1];
    const own = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
    const partSchema = own ?? pattern ?? extra;
    result[key] = partSchema ? coerceAt(partSchema, part, options, key) : part;
  }
  for (const [key, value] of defaultsOf(schema)) if (!Object.hasOwn(result, key)) result[key] = copyOf(value);
  return result;
}

const defaults = new WeakMap<JsonSchema, readonly (readonly [string, unknown])[]>();

// A task gives few of the arguments that have defaults, and the same schema is asked for each task.
function defaultsOf(schema: JsonSchema): readonly (readonly [string, unknown])[] {
  const known = defaults.get(schema);
  if (known) return known;
  const found = Object.entries(schema.properties ?? {}).flatMap(([key, part]) =>
    part.default === undefined ? [] : [[key, part.default] as const],
  );
  defaults.set(schema, found);
  return found;
}

function copyOf(value: unknown): unknown {
  return typeof value === 'object' ? structuredClone(value) : value;
}

function arrayAs(schema: JsonSchema, value: unknown, options: CoercionOptions, key: string): unknown {
  const items = typeof schema.items === 'object' ? schema.items : {};
  const names = typeof value === 'string' && /^[\w.+:=~@/-]+( *, *[\w.+:=~@/-]+)+$/.test(value);
  const splits = items.type === 'string' || items.type === 'integer';
  if (names && splits && (options.splits?.(key) ?? true)) {
    return String(value)
      .split(/ *, */)
      .map((item) => coerceAt(items, item, options, key));
  }
  const single =
    value !== null &&
    value !== undefined &&
    (!isMapping(value) || items.type === undefined || items.type === 'object');
  const list = Array.isArray(value) ? value : single ? [value] : undefined;
  return list?.map((item) => coerceAt(items, item, options, key)) ?? value;
}

function firstFitting(schema: JsonSchema, value: unknown, options: CoercionOptions, key: string): unknown {
  const branches = schema.anyOf ?? [];
  const exact = branches.find((branch) => isValid(branch, value));
  if (exact) return coerceAt(exact, value, options, key);
  for (const branch of branches) {
    const candidate = coerceAt(branch, value, options, key);
    if (isValid(branch, candidate)) return candidate;
  }
  return value;
}

function coerceAt(schema: JsonSchema, value: unknown, options: CoercionOptions, key: string): unknown {
  if (value === undefined) return copyOf(schema.default);
  if (options.templated && isTemplate(value)) return value;
  if (schema.properties || schema.patternProperties || schema.type === 'object') {
    return isMapping(value) ? objectAs(schema, value, options) : value;
  }
  if (schema.anyOf) return firstFitting(schema, value, options, key);
  if (schema.type === 'array') return arrayAs(schema, value, options, key);
  if (typeof schema.type === 'string') return scalarAs(schema.type, value, key, options.templated);
  if (schema.enum && !schema.enum.includes(value)) {
    return (
      schema.enum.find((allowed) => allowed === String(value) || allowed === booleanWord(value)) ??
      (typeof value === 'boolean'
        ? schema.enum.find((allowed) => booleanWord(allowed) === value)
        : undefined) ??
      value
    );
  }
  return value;
}

/**
 * A copy of a value as near to its schema as YAML's habits allow: `yes` for true, `"514"` for 514, one item for a
 * list of one, and defaults filled in. What does not fit is left as it is, for the check to refuse.
 */
export function coerce(schema: object, value: unknown, options: CoercionOptions): unknown {
  return coerceAt(schema, value, options, '');
}
