import { connectionNames } from '../evaluate/connection-variables.ts';
import type { EditorSchema } from './lenient-schema.ts';

const group = { $ref: '#/definitions/group' };
const hostVariables = {
  allOf: [{ $ref: '#/definitions/variables' }],
  type: ['object', 'null'],
  properties: Object.fromEntries(connectionNames.slice(0, 10).map((name) => [name, {}])),
};

/** What an inventory consists of; `variables` stands beside them. */
export const inventoryDefinitions: EditorSchema = {
  inventory: {
    anyOf: [
      {
        type: ['object', 'null'],
        properties: { all: { ...group, description: 'all hosts; groups below it under children' } },
        additionalProperties: group,
      },
      group,
    ],
  },
  group: {
    type: ['object', 'null'],
    properties: {
      hosts: {
        description: 'hosts by name, with their variables; h[1:9] means several',
        anyOf: [
          { type: ['object', 'null'], additionalProperties: { $ref: '#/definitions/host' } },
          { type: 'array', items: { type: 'string' } },
          { type: 'string' },
        ],
      },
      vars: { description: 'variables of all hosts of the group', $ref: '#/definitions/variables' },
      children: {
        description: 'groups inside this group',
        type: ['object', 'null'],
        additionalProperties: group,
      },
    },
    additionalProperties: false,
  },
  host: hostVariables,
};
