/** The kinds of files that editors can be taught. */
export const schemaKinds = ['playbook', 'tasks', 'inventory', 'variables', 'settings'] as const;
export type SchemaKind = (typeof schemaKinds)[number];
