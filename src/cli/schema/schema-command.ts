import {
  fileOfSettings,
  inventorySchema,
  playbookSchema,
  tasksSchema,
  variablesSchema,
} from '../../language/editor-schema/playbook-schema.ts';
import { roleVariables } from '../../language/editor-schema/role-vocabulary.ts';
import { settingsSchema } from '../../language/settings/settings-schema.ts';
import { allResources, type Tool } from '../tool.ts';
import type { SchemaKind } from './schema-kinds.ts';

/** The schema of one kind of file, as JSON; variables are those of provision's roles, and of those that a playbook in `directory` finds. */
export async function schemaText(
  kind: SchemaKind,
  tool: Pick<Tool, 'domains'>,
  directory?: string,
): Promise<string> {
  const resources = await allResources(tool.domains);
  const variables = roleVariables(resources, directory);
  const vocabulary = { resources, variables };
  const schemas = {
    playbook: () => playbookSchema(vocabulary),
    tasks: () => tasksSchema(vocabulary),
    inventory: () => inventorySchema(vocabulary),
    variables: () => variablesSchema(vocabulary),
    settings: () => fileOfSettings(settingsSchema),
  };
  return `${JSON.stringify(schemas[kind]())}\n`;
}
