import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { compiledSchema } from './compiled-schemas.ts';
import { compileSchema } from './schema-compiler.ts';

const checks = new WeakMap<object, ValidateFunction>();

/** What the schema finds wrong with a value, in ajv's words; throws when the schema itself is no JSON Schema. */
export function schemaErrors(schema: object, value: unknown): readonly ErrorObject[] {
  let validate = checks.get(schema);
  if (!validate) {
    validate = compiledSchema(JSON.stringify(schema), schema) ?? compileSchema(schema);
    checks.set(schema, validate);
  }
  return validate(value) ? [] : [...(validate.errors ?? [])];
}
