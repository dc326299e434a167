import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { compileSchema } from './schema-compiler.ts';
import { fits, isPlain } from './schema-fit.ts';

const checks = new WeakMap<object, ValidateFunction>();

/**
 * What a schema finds wrong with a value, in ajv's words; throws when the schema itself is no JSON Schema.
 * @param templated a template stands for anything; what is wrong with other parts may still be said of it
 */
export function schemaErrors(schema: object, value: unknown, templated = false): readonly ErrorObject[] {
  if (isPlain(schema) && fits(schema, value, templated)) return [];
  const validate = checks.get(schema) ?? compileSchema(schema);
  checks.set(schema, validate);
  return validate(value) ? [] : [...(validate.errors ?? [])];
}

/** Whether a schema finds nothing wrong with a value. */
export function isValid(schema: object, value: unknown): boolean {
  return isPlain(schema) ? fits(schema, value, false) : schemaErrors(schema, value).length === 0;
}
