import { Type } from 'typebox';
import { actingKeywords, flag, mapping, names, text } from './keyword-schema.ts';

const share = Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^[1-9][0-9]*%?$' })]);

/** What a play may say. */
export const playKeywords = Type.Partial(
  Type.Object({
    name: text('what messages call it'),
    hosts: Type.Union([Type.String(), Type.Array(Type.String())], {
      description: 'hosts and groups, a pattern',
    }),
    roles: Type.Array(Type.Unknown(), { description: 'roles, run before tasks' }),
    pre_tasks: Type.Array(Type.Unknown(), { description: 'tasks before the roles' }),
    tasks: Type.Array(Type.Unknown(), { description: 'tasks' }),
    post_tasks: Type.Array(Type.Unknown(), { description: 'tasks after everything, handlers included' }),
    handlers: Type.Array(Type.Unknown(), { description: 'tasks that run when they were notified' }),
    vars: mapping('variables'),
    vars_files: Type.Array(Type.Union([Type.String(), Type.Array(Type.String())]), {
      description: 'files with variables',
    }),
    gather_facts: flag('ask hosts for facts; true without it'),
    serial: Type.Union([share, Type.Array(share)], { description: 'how many hosts at a time' }),
    any_errors_fatal: flag('one failed host ends the play for all'),
    max_fail_percentage: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'end the play when more hosts fail',
    }),
    ...actingKeywords,
    tags: names('words for --tags and --skip-tags'),
    check_mode: flag('false: really run it in check mode too; true: only ever plan it'),
    no_log: flag('hide arguments and results of all tasks'),
    ignore_errors: Type.Union([Type.Boolean(), Type.String()], { description: 'go on after failures' }),
    run_once: flag('every task for the first host only'),
    connection: Type.Enum(['local', 'ssh', 'smart'], { description: 'how to reach the hosts' }),
    remote_user: text('the user to log in as'),
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'port of sshd' }),
  }),
  { additionalProperties: false },
);

/** What an entry `import_playbook` may say beside it. */
export const importKeywords = Type.Partial(
  Type.Object({
    name: text('what messages call it'),
    when: Type.Union(
      [Type.String(), Type.Boolean(), Type.Array(Type.Union([Type.String(), Type.Boolean()]))],
      {
        description: 'condition for every task of it',
      },
    ),
    vars: mapping('variables'),
    tags: names('words for --tags and --skip-tags'),
  }),
  { additionalProperties: false },
);

/** Keywords of a play whose value must be known when the playbook is loaded. */
export const literalPlayKeywords: readonly string[] = [
  'gather_facts',
  'serial',
  'any_errors_fatal',
  'max_fail_percentage',
  'check_mode',
  'no_log',
  'run_once',
  'connection',
  'remote_user',
  'port',
  'tags',
];
