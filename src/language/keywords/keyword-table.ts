import { becomeMethods } from '../become-methods.ts';
import type { Keyword } from './keyword.ts';
import {
  condition,
  conditions,
  flag,
  identifier,
  list,
  listExpression,
  mapping,
  names,
  text,
} from './keyword-schema.ts';
import { lookupLoops } from './loop-words.ts';

const single = ['task', 'handler'] as const;
const inside = ['role', 'block', ...single] as const;
const acting = ['play', ...inside] as const;
const share = {
  anyOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', pattern: '^[1-9][0-9]*%?$' },
  ],
};

/**
 * All keywords of plays, blocks, roles and tasks. What is declared here is accepted; a test sees to it that each of them
 * reaches what is built, and that a mistake in its value is found.
 */
export const keywordTable: Readonly<Record<string, Keyword>> = {
  name: { of: [...acting, 'import'], content: 'label', schema: text('what messages call it') },
  hosts: {
    of: ['play'],
    content: 'templates',
    schema: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      description: 'hosts and groups, a pattern',
    },
  },
  roles: { of: ['play'], content: 'parts', schema: list('roles, run before tasks') },
  pre_tasks: { of: ['play'], content: 'parts', schema: list('tasks before the roles') },
  tasks: { of: ['play'], content: 'parts', schema: list('tasks') },
  post_tasks: {
    of: ['play'],
    content: 'parts',
    schema: list('tasks after everything, handlers included'),
  },
  handlers: { of: ['play'], content: 'parts', schema: list('tasks that run when they were notified') },
  when: {
    of: [...inside, 'import'],
    content: 'conditions',
    schema: conditions('condition, Jinja2 without braces'),
  },
  vars: { of: [...acting, 'import'], content: 'variables', schema: mapping('variables') },
  vars_files: {
    of: ['play'],
    content: 'parts',
    schema: {
      type: 'array',
      items: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      description: 'files with variables',
    },
  },
  vars_prompt: {
    of: ['play'],
    content: 'parts',
    schema: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1 },
          prompt: { type: 'string' },
          default: {},
          private: { type: 'boolean' },
          confirm: { type: 'boolean' },
          unsafe: { type: 'boolean' },
          encrypt: {},
          salt: {},
          salt_size: {},
        },
        required: ['name'],
        additionalProperties: false,
      },
      description: 'variables that a person is asked for',
    },
  },
  gather_facts: { of: ['play'], content: 'literal', schema: flag('ask hosts for facts; true without it') },
  serial: {
    of: ['play'],
    content: 'literal',
    schema: {
      anyOf: [...share.anyOf, { type: 'array', items: share }],
      description: 'how many hosts at a time',
    },
  },
  order: {
    of: ['play'],
    content: 'literal',
    schema: {
      enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'],
      description: 'in which order hosts come to their turn; that of the inventory without it',
    },
  },
  any_errors_fatal: {
    of: ['play'],
    content: 'literal',
    schema: flag('one failed host ends the play for all'),
  },
  max_fail_percentage: {
    of: ['play'],
    content: 'literal',
    schema: { type: 'number', minimum: 0, maximum: 100, description: 'end the play when more hosts fail' },
  },
  tags: {
    of: [...acting, 'import'],
    content: 'names of roles',
    schema: names('words for --tags and --skip-tags'),
  },
  become: { of: acting, content: 'templates', schema: flag('act as another user') },
  become_user: { of: acting, content: 'templates', schema: text('the user to become; root without it') },
  become_method: {
    of: acting,
    content: 'literal',
    schema: { enum: [...becomeMethods], description: 'how to become the user; one for a host' },
  },
  environment: {
    of: acting,
    content: 'templates',
    schema: {
      anyOf: [{ type: 'object' }, { type: 'array', items: {} }, { type: 'string' }],
      description: 'environment variables of commands',
    },
  },
  delegate_to: { of: inside, content: 'templates', schema: text('the host that acts instead') },
  delegate_facts: {
    of: inside,
    content: 'literal',
    schema: flag('facts and set_fact go to the host of delegate_to'),
  },
  run_once: { of: acting, content: 'templates', schema: flag('for the first host only') },
  module_defaults: {
    of: acting,
    content: 'parts',
    schema: mapping('arguments of resources, by resource, where a task gives none'),
  },
  force_handlers: {
    of: ['play'],
    content: 'literal',
    schema: flag('handlers run on a host where something failed, too'),
  },
  check_mode: {
    of: acting,
    content: 'templates',
    schema: flag('false: really run it in check mode too; true: only ever plan it'),
  },
  diff: {
    of: acting,
    content: 'templates',
    schema: flag('false, or a template: --diff shows no content of it'),
  },
  no_log: {
    of: acting,
    content: 'templates',
    schema: flag('hide arguments and results; a template hides them whatever comes out'),
  },
  ignore_errors: { of: acting, content: 'expression', schema: condition('go on after a failure') },
  notify: { of: inside, content: 'templates', schema: names('handlers to run after a change') },
  listen: { of: ['handler'], content: 'literal', schema: names('topics that notify it too') },
  args: {
    of: single,
    content: 'arguments',
    schema: { anyOf: [{ type: 'object' }, { type: 'string' }], description: 'more arguments' },
  },
  loop: {
    of: single,
    content: 'templates',
    schema: listExpression('a list, or an expression that gives one'),
  },
  ...Object.fromEntries(
    [...lookupLoops].map(([word, lookup]): [string, Keyword] => [
      word,
      {
        of: single,
        content: 'templates',
        schema: { description: `older word for loop, over lookup('${lookup}')` },
      },
    ]),
  ),
  loop_control: {
    of: single,
    content: { loop_var: 'literal', index_var: 'literal', label: 'templates', extended: 'literal' },
    schema: {
      type: 'object',
      properties: {
        loop_var: identifier("name of the loop's variable; item without it"),
        index_var: identifier("name for the item's number, from 0"),
        label: { description: 'what messages show of the item' },
        extended: flag('give each item ansible_loop'),
        extended_allitems: flag('false: without allitems in it'),
      },
      additionalProperties: false,
      description: 'how the loop names things',
    },
  },
  register: { of: single, content: 'literal', schema: identifier('variable for the result') },
  changed_when: {
    of: single,
    content: 'conditions',
    schema: conditions('whether the result counts as a change'),
  },
  failed_when: {
    of: single,
    content: 'conditions',
    schema: conditions('whether the result counts as a failure'),
  },
  until: { of: single, content: 'conditions', schema: conditions('repeat until it holds') },
  retries: {
    of: single,
    content: 'templates',
    schema: { type: 'integer', minimum: 0, description: 'how often to repeat; 3 without it' },
  },
  delay: {
    of: single,
    content: 'templates',
    schema: { type: 'number', minimum: 0, description: 'seconds between tries; 5 without it' },
  },
  async: {
    of: single,
    content: 'templates',
    schema: { type: 'integer', minimum: 0, description: 'seconds after which the task is ended on the host' },
  },
  poll: {
    of: single,
    content: 'templates',
    schema: {
      type: 'integer',
      minimum: 0,
      description: '0: a command with async is begun, and not waited for',
    },
  },
  timeout: {
    of: acting,
    content: 'templates',
    schema: {
      type: 'integer',
      minimum: 0,
      description: 'seconds after which an item of the task is ended on the host; 0 is no limit',
    },
  },
  rollback: {
    of: ['play', 'block'],
    content: 'literal',
    schema: {
      enum: ['always'],
      description:
        'put back the files that it changed whatever fails in it; without it, when a handler or a check behind one fails',
    },
  },
  connection: {
    of: acting,
    content: 'literal',
    schema: { enum: ['local', 'ssh', 'smart'], description: 'how to reach the hosts' },
  },
  remote_user: { of: ['play'], content: 'templates', schema: text('the user to log in as') },
  port: {
    of: ['play'],
    content: 'literal',
    schema: { type: 'integer', minimum: 1, maximum: 65535, description: 'port of sshd' },
  },
};
