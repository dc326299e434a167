import { type Static, Type } from 'typebox';
import type { ControlResource } from './resource.ts';

const condition = Type.Union([Type.String(), Type.Boolean()]);

function words(description: string) {
  return Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], { description }));
}

const schema = Type.Object(
  {
    that: Type.Union([condition, Type.Array(condition, { minItems: 1 })], {
      description: 'the condition, or the conditions that must all hold',
    }),
    fail_msg: words('what to say when one does not hold; a list has a line each'),
    msg: words('another name for `fail_msg`'),
    success_msg: words('what to say when all hold'),
    quiet: Type.Optional(Type.Boolean({ default: false, description: 'say nothing when all hold' })),
  },
  { additionalProperties: false },
);

function lines(said: string | readonly string[]): string {
  return typeof said === 'string' ? said : said.join('\n');
}

interface Judged {
  readonly condition: string;
  readonly holds: boolean;
}

type Arguments = Omit<Static<typeof schema>, 'that'> & { readonly that: unknown };

function judged(that: unknown): readonly Judged[] {
  return (Array.isArray(that) ? that : [that]).map((one: Judged | boolean) =>
    typeof one === 'object' ? one : { condition: String(one), holds: one === true },
  );
}

/** Fails unless every condition holds. */
export const assertion: ControlResource<Arguments> = {
  kind: 'control',
  name: 'assert',
  summary: 'Fail unless all conditions hold',
  schema,
  conditions: ['that'],
  evaluate(want) {
    const failed = judged(want.that).find(({ holds }) => !holds);
    if (!failed) {
      // Success is reported only in the author's own words.
      const said = want.quiet ? undefined : want.success_msg;
      const msg = want.success_msg ?? 'All assertions passed';
      return { status: 'ok', ...(said !== undefined && { message: lines(said) }), result: { msg } };
    }
    const said = want.fail_msg ?? want.msg;
    const message = `Assertion failed: ${failed.condition}`;
    return {
      status: 'failed',
      message: said === undefined ? message : `${lines(said)} (assertion: ${failed.condition})`,
      result: { msg: said ?? 'Assertion failed', assertion: failed.condition, evaluated_to: false },
    };
  },
};
