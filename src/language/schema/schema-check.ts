import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({
  strict: true,
  // A choice of required keys names no types and properties of its own.
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  logger: false,
  // Most schemas check a handful of values: a quicker check would not make up for its slower making.
  code: { optimize: false },
});
const compiled = new WeakMap<object, ValidateFunction>();

/** What the schema finds wrong with a value, in ajv's words; throws when the schema itself is no JSON Schema. */
export function schemaErrors(schema: object, value: unknown): readonly ErrorObject[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  return validate(value) ? [] : [...(validate.errors ?? [])];
}
