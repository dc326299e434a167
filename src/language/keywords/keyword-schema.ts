import type { JsonSchema } from '../source/schema/schema-coercion.ts';

/** Text that may be a template. */
export function text(description: string): JsonSchema {
  return { type: 'string', description };
}

/** true or false, or a template that gives one. */
export function flag(description: string): JsonSchema {
  return { type: 'boolean', description };
}

/** One expression or several that must all hold. */
export function conditions(description: string): JsonSchema {
  const one = { anyOf: [{ type: 'string' }, { type: 'boolean' }] };
  return { anyOf: [...one.anyOf, { type: 'array', items: one }], description };
}

/** true or false, or an expression. */
export function condition(description: string): JsonSchema {
  return { anyOf: [{ type: 'boolean' }, { type: 'string' }], description };
}

/** One name or several. */
export function names(description: string): JsonSchema {
  return { type: 'array', items: { type: 'string' }, description };
}

/** Names and values, as in `vars`. */
export function mapping(description: string): JsonSchema {
  return { type: 'object', description };
}

/** A list of anything, or one thing. */
export function list(description: string): JsonSchema {
  return { type: 'array', items: {}, description };
}

/** A list, or an expression that gives one. */
export function listExpression(description: string): JsonSchema {
  return { anyOf: [{ type: 'array', items: {} }, { type: 'string' }], description };
}

/** A name that templates can use. */
export function identifier(description: string): JsonSchema {
  return {
    type: 'string',
    description: `${description}: letters, digits and _, no digit first`,
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  };
}
