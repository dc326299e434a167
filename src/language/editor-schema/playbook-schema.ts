import type { AnyResource } from '../../resources/resource.ts';
import {
  blockKeywords,
  handlerKeywords,
  importKeywords,
  type KeywordSet,
  playKeywords,
  roleKeywords,
  taskKeywords,
} from '../keywords/keyword-set.ts';
import { idleKeywords } from '../keywords/unsupported-keywords.ts';
import { unsupportedModules } from '../keywords/unsupported-modules.ts';
import type { JsonSchema } from '../source/schema/schema-coercion.ts';
import { inventoryDefinitions } from './inventory-schema.ts';
import { type EditorSchema, lenient, lenientEach } from './lenient-schema.ts';
import { moduleSchema } from './module-schema.ts';

/** What an editor needs to know to complete and check files of a project. */
export interface Vocabulary {
  readonly resources: ReadonlyMap<string, AnyResource>;
  /** Variables of roles. */
  readonly variables: Readonly<Record<string, JsonSchema>>;
}

const draft = 'http://json-schema.org/draft-07/schema#';
const refer = (name: string): EditorSchema => ({ $ref: `#/definitions/${name}` });
const listOf = (name: string): EditorSchema => ({
  anyOf: [{ type: 'array', items: refer(name) }, { type: 'null' }],
});
const tasks = listOf('task');

// What stands beside the resources and is no keyword: it is read by what builds the task.
const includes: Readonly<Record<string, string>> = {
  import_tasks: 'the tasks of another file, in this place',
  include_tasks: 'the tasks of another file, chosen when the host comes to it',
  include: 'the older word for include_tasks',
  import_role: 'a role, in this place',
  include_role: 'a role, chosen when the host comes to it',
  include_vars: 'variables of a file',
  meta: 'flush_handlers, end_play, end_host and others',
  action: 'the resource and its arguments in one',
  local_action: 'the same, on the control node',
};

/** The schema of a playbook: a list of plays, or a mapping that holds its inventory too. */
export function playbookSchema(vocabulary: Vocabulary): EditorSchema {
  const own = {
    type: 'object',
    properties: {
      inventory: { description: 'hosts and groups, as in an inventory file', ...refer('inventory') },
      vars: { description: 'variables of all plays', ...refer('variables') },
      plays: { description: 'what is done, in order', ...refer('plays') },
    },
    required: ['plays'],
    additionalProperties: false,
  };
  return {
    $schema: draft,
    anyOf: [refer('plays'), own],
    definitions: {
      ...playDefinitions(),
      ...taskDefinitions(vocabulary),
      ...variablesAlone(vocabulary),
      ...inventoryDefinitions,
    },
  };
}

/** The schema of a file with tasks: of a role, or one that tasks include. */
export function tasksSchema(vocabulary: Vocabulary): EditorSchema {
  const definitions = { ...taskDefinitions(vocabulary), ...variablesAlone(vocabulary) };
  return { $schema: draft, ...listOf('handler'), definitions };
}

/** The schema of an inventory. */
export function inventorySchema(vocabulary: Vocabulary): EditorSchema {
  const definitions = { ...variablesAlone(vocabulary), ...inventoryDefinitions };
  return { $schema: draft, ...refer('inventory'), definitions };
}

/** The schema of a file with variables: group_vars, host_vars, what `vars_files` and `-e @FILE` name. */
export function variablesSchema(vocabulary: Vocabulary): EditorSchema {
  return {
    $schema: draft,
    ...refer('variables'),
    definitions: variablesAlone(vocabulary),
  };
}

/** The schema of provision.yml. */
export function fileOfSettings({ properties = {} }: JsonSchema): EditorSchema {
  const own = { type: 'object', properties: lenientEach(properties), additionalProperties: false };
  return { $schema: draft, ...own };
}

function variablesAlone({ variables }: Vocabulary): EditorSchema {
  return { variables: { type: ['object', 'null'], properties: lenientEach(variables) } };
}

function playDefinitions(): EditorSchema {
  const lists = {
    tasks,
    pre_tasks: tasks,
    post_tasks: tasks,
    handlers: listOf('handler'),
    roles: listOf('role'),
  };
  return {
    plays: { type: 'array', items: { anyOf: [refer('play'), refer('import')] } },
    play: {
      type: 'object',
      properties: { ...keywordsOf(playKeywords), ...withText(playKeywords, lists), vars: refer('variables') },
      required: ['hosts'],
      additionalProperties: false,
    },
    import: {
      type: 'object',
      properties: {
        import_playbook: {
          type: 'string',
          description: 'the plays of another file; log-over-tls.yml comes with provision',
        },
        ...keywordsOf(importKeywords),
        vars: refer('variables'),
      },
      patternProperties: { '^ansible[.]builtin[.]import_playbook$': { type: 'string' } },
      additionalProperties: false,
    },
    role: {
      anyOf: [
        { type: 'string', description: 'name of a role' },
        {
          type: 'object',
          properties: {
            role: { type: 'string', description: 'name of the role' },
            name: { type: 'string', description: 'name of the role' },
            ...keywordsOf(roleKeywords),
            vars: refer('variables'),
          },
        },
      ],
    },
  };
}

function taskDefinitions({ resources }: Vocabulary): EditorSchema {
  const modules = [...resources].map(([name, resource]) => [name, moduleSchema(resource)] as const);
  const own = Object.fromEntries(modules.map(([name]) => [name, refer(`module ${name}`)]));
  // With a collection before it: not proposed, but known.
  const long = Object.fromEntries(
    modules.map(([name]) => [`^[a-z0-9_]+[.][a-z0-9_]+[.]${name}$`, refer(`module ${name}`)]),
  );
  // Known not to be there: said, and never proposed.
  const missing = Object.fromEntries(
    [...unsupportedModules].map(([name, instead]) => [
      `^${name}$`,
      { description: `not in provision: ${instead}` },
    ]),
  );
  const parts = Object.entries(includes).map(([name, description]) => [name, { description }] as const);
  const task = (keywords: KeywordSet, members: EditorSchema) => ({
    type: 'object',
    properties: {
      ...keywordsOf(blockKeywords),
      ...keywordsOf(keywords),
      block: { ...members, description: 'tasks that belong together' },
      rescue: { ...members, description: 'tasks for when one of the block has failed' },
      always: { ...members, description: 'tasks that run whatever happened' },
      ...Object.fromEntries(parts),
      ...own,
      vars: refer('variables'),
    },
    patternProperties: { ...long, ...missing, '^[a-z0-9_]+([.][a-z0-9_]+)+$': {}, '^with_[a-z_]+$': {} },
    additionalProperties: false,
  });
  return {
    task: task(taskKeywords, tasks),
    handler: task(handlerKeywords, listOf('handler')),
    ...Object.fromEntries(modules.map(([name, schema]) => [`module ${name}`, schema])),
  };
}

function keywordsOf({ schema }: KeywordSet): Readonly<Record<string, EditorSchema>> {
  const idle = idleKeywords.map((name) => [name, { description: 'accepted, without an effect' }] as const);
  const own = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, lenient(one)] as const);
  return Object.fromEntries([...idle, ...own]);
}

// The keyword's own sentence, with what really stands in it.
function withText({ schema }: KeywordSet, parts: Readonly<Record<string, EditorSchema>>): EditorSchema {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      { ...part, description: schema.properties?.[name]?.description },
    ]),
  );
}
