type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;

const optional = new WeakSet<Schema>();

function scalar(type: string) {
  return (options: Schema = {}): Schema => ({ type, ...options });
}

function object(properties: Properties, options: Schema = {}): Schema {
  const required = Object.keys(properties).filter((key) => !optional.has(properties[key] ?? {}));
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
}

function maybe(schema: Schema): Schema {
  const copy = { ...schema };
  optional.add(copy);
  return copy;
}

/** The builders of typebox that src uses, for the bundle: the same JSON Schemas without its 800 modules. */
export const Type = {
  Any: (options: Schema = {}): Schema => ({ ...options }),
  Array: (items: Schema, options: Schema = {}): Schema => ({ type: 'array', items, ...options }),
  Boolean: scalar('boolean'),
  Enum: (values: readonly unknown[], options: Schema = {}): Schema => ({ enum: values, ...options }),
  Integer: scalar('integer'),
  Literal: (value: unknown, options: Schema = {}): Schema => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Number: scalar('number'),
  Object: object,
  Optional: maybe,
  Partial: (schema: Schema, options: Schema = {}): Schema => {
    const properties = Object.entries(schema.properties as Properties);
    return object(Object.fromEntries(properties.map(([key, part]) => [key, maybe(part)])), options);
  },
  Record: (_key: Schema, value: Schema, options: Schema = {}): Schema => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  String: scalar('string'),
  Union: (anyOf: readonly Schema[], options: Schema = {}): Schema => ({ anyOf, ...options }),
  Unknown: (options: Schema = {}): Schema => ({ ...options }),
};
