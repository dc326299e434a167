import { Type } from 'typebox';

/** What `include_role` and `import_role` take. */
export const roleArguments = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    tasks_from: Type.Optional(Type.String()),
    vars_from: Type.Optional(Type.String()),
    defaults_from: Type.Optional(Type.String()),
    handlers_from: Type.Optional(Type.String()),
    public: Type.Optional(Type.Boolean()),
    allow_duplicates: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
