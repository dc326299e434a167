import type { JsonSchema } from '../source/schema/schema-coercion.ts';
import type { Content, KeywordPlace } from './keyword.ts';
import { keywordTable } from './keyword-table.ts';

/** The keywords of one place, and what checking them needs. */
export interface KeywordSet {
  readonly names: readonly string[];
  readonly schema: JsonSchema;
  /** Keywords that may not hold templates, as paths: a part of one can be such. */
  readonly literal: readonly (readonly string[])[];
  /** Keywords that may hold the names of roles as templates, and no other. */
  readonly roleNames: readonly string[];
  /** Keywords that hold expressions without braces. */
  readonly conditions: readonly string[];
}

function literalPaths(path: readonly string[], content: Content): readonly (readonly string[])[] {
  if (content === 'literal') return [path];
  if (typeof content === 'string') return [];
  return Object.entries(content).flatMap(([part, inner]) => literalPaths([...path, part], inner));
}

function setOf(place: KeywordPlace): KeywordSet {
  const own = Object.entries(keywordTable).filter(([, { of }]) => of.includes(place));
  return {
    names: own.map(([name]) => name),
    schema: {
      type: 'object',
      properties: Object.fromEntries(own.map(([name, { schema }]) => [name, schema])),
      additionalProperties: false,
    },
    literal: own.flatMap(([name, { content }]) => literalPaths([name], content)),
    roleNames: own.filter(([, { content }]) => content === 'names of roles').map(([name]) => name),
    conditions: own.filter(([, { content }]) => content === 'conditions').map(([name]) => name),
  };
}

/** What a play may say. */
export const playKeywords = setOf('play');

/** What an entry `import_playbook` may say beside it. */
export const importKeywords = setOf('import');

/** What an entry under `roles:` may say beside the variables it passes. */
export const roleKeywords = setOf('role');

/** What a block may say beside `block`, `rescue` and `always`. */
export const blockKeywords = setOf('block');

/** What a task may say beside its resource. */
export const taskKeywords = setOf('task');

/** What a handler may say beside its resource. */
export const handlerKeywords = setOf('handler');
