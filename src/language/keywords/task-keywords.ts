import { Type } from 'typebox';
import { actingKeywords, conditions, flag, identifier, mapping, names, text } from './keyword-schema.ts';

/** Keywords that tasks, blocks, includes, role entries and handlers share. */
const shared = {
  name: text('what messages call it'),
  when: conditions('condition, Jinja2 without braces'),
  vars: mapping('variables'),
  tags: names('words for --tags and --skip-tags'),
  ...actingKeywords,
  delegate_to: text('the host that acts instead'),
  run_once: flag('for the first host only'),
  check_mode: flag('false: really run it in check mode too; true: only ever plan it'),
  no_log: flag('hide arguments and results'),
  ignore_errors: Type.Union([Type.Boolean(), Type.String()], { description: 'go on after a failure' }),
  notify: names('handlers to run after a change'),
};

/** What a task may say beside its resource. */
export const taskKeywords = Type.Partial(
  Type.Object({
    ...shared,
    args: Type.Union([mapping('more arguments'), Type.String()], { description: 'more arguments' }),
    loop: Type.Union([Type.Array(Type.Unknown()), Type.String()], {
      description: 'a list, or an expression that gives one',
    }),
    with_items: Type.Union([Type.Array(Type.Unknown()), Type.String()], {
      description: 'older word for loop',
    }),
    with_list: Type.Union([Type.Array(Type.Unknown()), Type.String()], {
      description: 'older word for loop',
    }),
    loop_control: Type.Partial(
      Type.Object({
        loop_var: identifier("name of the loop's variable; item without it"),
        index_var: identifier("name for the item's number, from 0"),
        label: Type.Unknown({ description: 'what messages show of the item' }),
      }),
      { additionalProperties: false, description: 'how the loop names things' },
    ),
    register: identifier('variable for the result'),
    changed_when: conditions('whether the result counts as a change'),
    failed_when: conditions('whether the result counts as a failure'),
    until: conditions('repeat until it holds'),
    retries: Type.Integer({ minimum: 0, description: 'how often to repeat; 3 without it' }),
    delay: Type.Number({ minimum: 0, description: 'seconds between tries; 5 without it' }),
  }),
  { additionalProperties: false },
);

/** What a handler may say in addition. */
export const handlerKeywords = Type.Partial(
  Type.Object({ ...taskKeywords.properties, listen: names('topics that notify it too') }),
  { additionalProperties: false },
);

/** What a block may say beside `block`, `rescue` and `always`. */
export const blockKeywords = Type.Partial(Type.Object(shared), { additionalProperties: false });

/** What an entry under `roles:` may say beside the variables it passes. */
export const roleKeywords = Type.Partial(Type.Object(shared), { additionalProperties: false });

/** Keywords whose value must be known when the playbook is loaded. */
export const literalKeywords: readonly string[] = [
  'run_once',
  'check_mode',
  'no_log',
  'retries',
  'delay',
  'register',
  'loop_control.loop_var',
  'loop_control.index_var',
  'tags',
  'listen',
];

/** Keywords that hold expressions: Jinja2 without braces. */
export const conditionKeywords: readonly string[] = ['when', 'changed_when', 'failed_when', 'until'];
