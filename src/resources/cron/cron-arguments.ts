import { type Static, Type } from 'typebox';
import { accountName } from '../accounts/account-name.ts';
import { notBoth } from '../argument-schemas.ts';

const oneLine = '^[^\\n\\r\\u0000]*$';

function timeField(what: string) {
  return Type.Optional(
    Type.String({ pattern: '^[0-9A-Za-z*,/~?-]+$', description: `${what}; every one when it is left out` }),
  );
}

const special = ['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'] as const;

/** What a task says of a job or a variable: all of Ansible's arguments. */
export const cronSchema = Type.Object(
  {
    name: Type.String({
      pattern: oneLine,
      description:
        'what the entry is called, in a comment line above it; with `env` the name of the variable',
    }),
    job: Type.Optional(
      Type.String({
        pattern: oneLine,
        description: 'the command, `%` escaped as crontab(5) says; with `env` the value of the variable',
      }),
    ),
    value: Type.Optional(Type.String({ pattern: oneLine, description: 'another word for `job`' })),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should exist' }),
    ),
    minute: timeField('minutes, as in 0-59, */5'),
    hour: timeField('hours, as in 0-23, 2,14'),
    day: timeField('days of the month, as in 1-31'),
    dom: timeField('another word for `day`'),
    month: timeField('months, as in 1-12'),
    weekday: timeField('days of the week, as in 0-6 from Sunday on'),
    dow: timeField('another word for `weekday`'),
    special_time: Type.Optional(Type.Enum([...special], { description: 'when, in one word' })),
    reboot: Type.Optional(
      Type.Boolean({ default: false, description: 'an old word for `special_time: reboot`' }),
    ),
    disabled: Type.Optional(
      Type.Boolean({ default: false, description: 'keep the job in a comment, where cron does not run it' }),
    ),
    env: Type.Optional(
      Type.Boolean({ default: false, description: 'it is a variable that the jobs see, not a job' }),
    ),
    insertafter: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'with `env`: a new one goes below the variable of this name',
      }),
    ),
    insertbefore: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'with `env`: a new one goes above the variable of this name',
      }),
    ),
    user: Type.Optional(
      Type.String({
        pattern: accountName,
        description:
          'whose crontab; that of the user who runs the task when it is left out. With `cron_file`: who runs the job',
      }),
    ),
    cron_file: Type.Optional(
      Type.String({
        pattern: '^[^\\u0000]+$',
        description:
          'a file in place of a crontab: an absolute path, or a name below /etc/cron.d, of letters, digits, - and _ alone. It is removed when nothing is left in it',
      }),
    ),
    backup: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'keep what was there: beside a `cron_file`, else as a file below /tmp',
      }),
    ),
  },
  {
    additionalProperties: false,
    allOf: [
      notBoth('insertafter', 'insertbefore'),
      notBoth('job', 'value'),
      notBoth('day', 'dom'),
      notBoth('weekday', 'dow'),
    ],
  },
);

export type CronArguments = Static<typeof cronSchema>;
