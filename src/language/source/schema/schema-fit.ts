import { hasTemplate, isTemplate } from '../../../jinja/values/template-marks.ts';

type JsonObject = Readonly<Record<string, unknown>>;
type Judge = (schema: unknown, value: unknown) => boolean;
type Word = (given: never, value: unknown, judge: Judge, schema: JsonObject) => boolean;

const types: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['string', (value: unknown) => typeof value === 'string'],
  ['boolean', (value: unknown) => typeof value === 'boolean'],
  ['null', (value: unknown) => value === null],
  ['number', Number.isFinite],
  ['integer', Number.isInteger],
  ['array', Array.isArray],
  ['object', isObject],
]);

/** What the words of JSON Schema ask of a value, those that are common here. */
const words: Readonly<Record<string, Word>> = {
  type: (given, value) => listOf(given).some((name) => types.get(name)?.(value)),
  enum: (given: readonly unknown[], value) => given.includes(value),
  const: (given, value) => given === value,
  pattern: (given: string, value) => typeof value !== 'string' || patternOf(given).test(value),
  minLength: (given: number, value) => typeof value !== 'string' || [...value].length >= given,
  maxLength: (given: number, value) => typeof value !== 'string' || [...value].length <= given,
  minItems: (given: number, value) => !Array.isArray(value) || value.length >= given,
  minimum: (given: number, value) => typeof value !== 'number' || value >= given,
  maximum: (given: number, value) => typeof value !== 'number' || value <= given,
  items: (given, value, judge) => !Array.isArray(value) || value.every((item) => judge(given, item)),
  required: (given: readonly string[], value) =>
    !isObject(value) || given.every((name) => value[name] !== undefined),
  dependentRequired: (given: Readonly<Record<string, readonly string[]>>, value) =>
    !isObject(value) ||
    Object.entries(given).every(
      ([name, others]) => value[name] === undefined || others.every((other) => value[other] !== undefined),
    ),
  minProperties: (given: number, value) => !isObject(value) || Object.keys(value).length >= given,
  // A name stands for itself, whatever is in it.
  propertyNames: (given: unknown, value) =>
    !isObject(value) || Object.keys(value).every((name) => fits(given, name, false)),
  properties: (given: JsonObject, value, judge) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, part]) => part === undefined || !Object.hasOwn(given, name) || judge(given[name], part),
    ),
  patternProperties: (given: JsonObject, value, judge) =>
    !isObject(value) ||
    Object.entries(value).every(([name, part]) =>
      Object.entries(given).every(
        ([pattern, schema]) => !patternOf(pattern).test(name) || judge(schema, part),
      ),
    ),
  additionalProperties: (given: unknown, value, judge, { properties = {}, patternProperties = {} }) =>
    given === true ||
    !isObject(value) ||
    Object.entries(value).every(
      ([name, part]) =>
        Object.hasOwn(properties as JsonObject, name) ||
        isNamed(patternProperties as JsonObject, name) ||
        (given !== false && judge(given, part)),
    ),
  anyOf: (given: readonly unknown[], value, judge) => given.some((schema) => judge(schema, value)),
  allOf: (given: readonly unknown[], value, judge) => given.every((schema) => judge(schema, value)),
  not: (given: unknown, value, judge) => !judge(given, value),
  // These say something to people and to resources, and refuse nothing.
  description: () => true,
  default: () => true,
  format: () => true,
};

/** Which values of such a word ajv surely takes. */
const sound: Readonly<Record<keyof typeof words, (given: unknown, schema: JsonObject) => boolean>> = {
  type: (given) =>
    listOf(given).length > 0 &&
    isListOfNames(listOf(given)) &&
    listOf(given).every((name) => types.has(name)),
  enum: (given) => Array.isArray(given) && given.length > 0 && given.every(isScalar),
  const: isScalar,
  pattern: isPattern,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  minimum: Number.isFinite,
  maximum: Number.isFinite,
  items: isPlain,
  required: isListOfNames,
  dependentRequired: (given) => isObject(given) && Object.values(given).every(isListOfNames),
  minProperties: isCount,
  propertyNames: isPlain,
  properties: (given) => isObject(given) && Object.values(given).every(isPlain),
  patternProperties: (given, { properties }) =>
    isObject(given) &&
    Object.keys(given).every(isPattern) &&
    Object.values(given).every(isPlain) &&
    // Of a name that both have, ajv wants to be told.
    !Object.keys(properties ?? {}).some((name) => isNamed(given, name)),
  additionalProperties: (given) => typeof given === 'boolean' || isPlain(given),
  anyOf: isChoice,
  allOf: isChoice,
  not: isPlain,
  description: (given) => typeof given === 'string',
  default: () => true,
  format: (given) => given === 'host-path',
};

// What is not judged where a template is somewhere inside the value. A choice of schemas is: ajv may have more to say of one.
const uncertain = new Set(['not', 'enum', 'const']);

const plain = new WeakMap<object, boolean>();
const patterns = new Map<string, RegExp>();

/** Whether a schema is one that ajv takes, and has only words that are judged here: with that, `fits` is the answer. */
export function isPlain(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const known = plain.get(schema);
  if (known !== undefined) return known;
  // One that contains itself is left to ajv.
  plain.set(schema, false);
  const is = Object.entries(schema).every(
    ([word, given]) => Object.hasOwn(sound, word) && sound[word]?.(given, schema) === true,
  );
  plain.set(schema, is);
  return is;
}

/**
 * Whether a plain schema finds nothing wrong with a value, as ajv would say it of the words above: most values are
 * right, and to load the library and have it write a program for each schema takes longer than all else of a run's start.
 * @param templated a template stands for anything: what depends on one is not judged
 */
export function fits(schema: unknown, value: unknown, templated: boolean): boolean {
  if (templated && isTemplate(value)) return true;
  const judge: Judge = (part, inner) => fits(part, inner, templated);
  return Object.entries(schema as JsonObject).every(
    ([word, given]) =>
      words[word]?.(given as never, value, judge, schema as JsonObject) === true ||
      (templated && uncertain.has(word) && hasTemplate(value)),
  );
}

function isNamed(byPattern: JsonObject, name: string): boolean {
  return Object.keys(byPattern).some((pattern) => patternOf(pattern).test(name));
}

/** A pattern of JSON Schema, made once. */
export function patternOf(source: string): RegExp {
  const known = patterns.get(source);
  if (known) return known;
  const pattern = new RegExp(source, 'u');
  patterns.set(source, pattern);
  return pattern;
}

function isPattern(given: unknown): boolean {
  try {
    return typeof given === 'string' && patternOf(given) !== undefined;
  } catch {
    return false;
  }
}

function isChoice(given: unknown): boolean {
  return Array.isArray(given) && given.length > 0 && given.every(isPlain);
}

// As ajv sees it: an instance of any class is one, too.
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(given: unknown): boolean {
  return given === null || ['string', 'number', 'boolean'].includes(typeof given);
}

// As the schema of schemas has it, no name stands there twice.
function isListOfNames(given: unknown): boolean {
  return (
    Array.isArray(given) &&
    given.every((name) => typeof name === 'string') &&
    new Set(given).size === given.length
  );
}

function isCount(given: unknown): boolean {
  return Number.isInteger(given) && Number(given) >= 0;
}

function listOf(given: unknown): readonly string[] {
  return Array.isArray(given) ? given : [String(given)];
}
