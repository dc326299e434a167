import type { JsonSchema } from '../source/schema/schema-coercion.ts';

/** What `include_role` and `import_role` take. */
export const roleArguments: JsonSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1 },
    tasks_from: { type: 'string' },
    vars_from: { type: 'string' },
    defaults_from: { type: 'string' },
    handlers_from: { type: 'string' },
    public: { type: 'boolean' },
    allow_duplicates: { type: 'boolean' },
  },
  additionalProperties: false,
};
