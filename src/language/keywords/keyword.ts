import type { JsonSchema } from '../source/schema/schema-coercion.ts';

/** What a keyword can belong to; a role is an entry of `roles:`, an import one with `import_playbook`. */
export type KeywordPlace = 'play' | 'import' | 'role' | 'block' | 'task' | 'handler';

/** What stands in a keyword's value, and with it when it is evaluated and how it is checked. */
export type Content =
  /** A value that is needed when the playbook is loaded: no template in it. */
  | 'literal'
  /** The same, but the names of roles may stand in it as a template: they are known by then. */
  | 'names of roles'
  /** Values with templates in them. */
  | 'templates'
  /** Jinja2 without braces, one expression or several. */
  | 'conditions'
  /** An expression, with or without braces around it. */
  | 'expression'
  /** Variables: what stands in them is checked where they are used. */
  | 'variables'
  /** More arguments of the task's resource. */
  | 'arguments'
  /** What messages call it: a template in it is evaluated for tasks, and shown as it is written for everything else. */
  | 'label'
  /** Tasks, handlers, roles or files, read by what builds them. */
  | 'parts'
  | { readonly [part: string]: Content };

/** One word of the language. */
export interface Keyword {
  readonly of: readonly KeywordPlace[];
  readonly content: Content;
  readonly schema: JsonSchema;
}
