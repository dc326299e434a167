import type { JsonSchema } from '../source/schema/schema-coercion.ts';

const positive = (description: string): JsonSchema => ({ type: 'integer', minimum: 1, description });
const text = (description: string): JsonSchema => ({ type: 'string', minLength: 1, description });

/** What provision.yml may hold; an option on the command line wins over each of them that has one. */
export const settingsSchema: JsonSchema = {
  type: 'object',
  properties: {
    inventory: {
      type: 'array',
      items: text('inventory file, directory, or host1,host2,'),
      description: 'taken where neither -i nor the playbook has an inventory',
    },
    roles_path: {
      type: 'array',
      items: text('folder of roles'),
      description: 'looked through for roles after roles/ beside the playbook',
    },
    user: text('-u: who logs in where the inventory names nobody'),
    private_key: text('--private-key: the key to log in with where the inventory names none'),
    become: { type: 'boolean', description: '-b: become another user on the hosts' },
    become_user: text('--become-user: who to become'),
    forks: positive('-f: hosts worked on at once'),
    ssh_config: text('--ssh-config: instead of ~/.ssh/config'),
    connect_timeout: positive('--connect-timeout: seconds for a connection attempt'),
    shell_timeout: positive('--shell-timeout: seconds until a shell is ready'),
    timeout: positive('--timeout: seconds for the whole run'),
    fleet: { type: 'boolean', description: '--fleet: hand runs over to the workers of a fleet' },
  },
  additionalProperties: false,
};
