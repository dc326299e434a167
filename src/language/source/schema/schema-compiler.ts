import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { schemaRules } from './schema-rules.ts';

let ajv: Ajv2020 | undefined;

/** Makes a check of a schema; throws when the schema itself is no JSON Schema. */
export function compileSchema(schema: object): ValidateFunction {
  ajv ??= new Ajv2020(schemaRules);
  return ajv.compile(schema);
}
