import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'rolldown';
import { allResources } from '../src/cli/tool.ts';
import { domains } from '../src/domains/registry.ts';
import {
  blockKeywords,
  handlerKeywords,
  importKeywords,
  playKeywords,
  roleKeywords,
  taskKeywords,
} from '../src/language/keywords/keyword-set.ts';
import { roleArguments } from '../src/language/keywords/role-arguments.ts';
import { readSchema, valuesOf } from '../src/language/roles/role-schema.ts';
import { Loading } from '../src/language/source/loading/loading.ts';
import type { JsonSchema } from '../src/language/source/schema/schema-coercion.ts';
import { schemaRules } from '../src/language/source/schema/schema-rules.ts';

const sets = [playKeywords, importKeywords, taskKeywords, handlerKeywords, blockKeywords, roleKeywords];

/** Puts checks of all schemas that are known now where the language looks for them, as code that ajv wrote. */
export function fixedSchemas(root: string): Plugin {
  return {
    name: 'fixed-schemas',
    async load(id) {
      if (id !== join(root, 'src/language/source/schema/compiled-schemas.ts')) return null;
      const resources = await allResources(domains);
      const schemas = [
        ...sets.map(({ schema }) => schema),
        roleArguments,
        ...[...resources.values()].map(({ schema }) => schema),
        ...shippedSchemas(join(root, 'roles'), resources),
      ];
      return { moduleType: 'js', code: moduleOf(schemas.flatMap(withChoices)) };
    },
  };
}

function shippedSchemas(directory: string, resources: Loading['resources']): readonly JsonSchema[] {
  const loading = new Loading(resources);
  return readdirSync(directory).flatMap((role) => {
    const schema = readSchema(loading, join(directory, role))?.schema;
    return schema ? [schema, valuesOf(schema)] : [];
  });
}

/** A schema and the choices in it, to each of which a value is fitted by itself. */
function withChoices(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...choicesIn(schema)];
}

function choicesIn(schema: JsonSchema): readonly JsonSchema[] {
  const { properties = {}, patternProperties = {}, additionalProperties, anyOf = [], items } = schema;
  const parts = [
    ...Object.values(properties),
    ...Object.values(patternProperties),
    additionalProperties,
    items,
  ];
  const inner = [...parts, ...anyOf].flatMap((part) => (typeof part === 'object' ? choicesIn(part) : []));
  return [...anyOf, ...inner];
}

// By the length of the text first: what a run does not need stays unread in its function.
function moduleOf(schemas: readonly object[]): string {
  const byText = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]));
  const byLength = Map.groupBy(byText, ([text]) => text.length);
  const choices = [...byLength].map(([length, some]) => {
    const makers = some.map(
      ([text, schema]) =>
        `text === ${JSON.stringify(text)} ? ((schema) => {${checkOf(text, schema)}})(schema)`,
    );
    return `[${length}, (text, schema) => ${makers.join(' : ')} : undefined]`;
  });
  return [
    `const byLength = new Map([${choices.join(',\n')}]);`,
    'export const compiledSchema = (text, schema) => byLength.get(text.length)?.(text, schema);',
  ].join('\n');
}

// ajv writes the text of a CommonJS module; the schema in it is the one that is asked about.
function checkOf(text: string, schema: object): string {
  const ajv = new Ajv2020({ ...schemaRules, code: { optimize: false, source: true } });
  return standalone
    .default(ajv, ajv.compile(schema))
    .replace(/module\.exports = (\w+);module\.exports\.default = \w+;/, 'const validate = $1;')
    .replace(` = ${text};`, ' = schema;')
    .concat('return validate;');
}
