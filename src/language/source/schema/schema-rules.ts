import type { Options } from 'ajv/dist/2020.js';

/** How schemas are read, at run time and when the bundle is built. */
export const schemaRules: Options = {
  strict: true,
  // A choice of required keys names no types and properties of its own.
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  logger: false,
  // Says what becomes of an argument, and refuses nothing.
  formats: { 'host-path': true },
  // Most schemas check a handful of values: a quicker check would not make up for its slower making.
  code: { optimize: false },
};
