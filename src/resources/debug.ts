import { type Static, Type } from 'typebox';
import { notBoth } from './argument-schemas.ts';
import type { ControlResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    msg: Type.Optional(Type.Any({ description: 'what to print: text, or data of any kind' })),
    var: Type.Optional(
      Type.String({ description: 'a variable or expression, without braces, to print with its value' }),
    ),
    verbosity: Type.Optional(
      Type.Integer({ default: 0, minimum: 0, description: 'print only with as many -v' }),
    ),
  },
  { additionalProperties: false, ...notBoth('msg', 'var') },
);

interface Evaluated {
  readonly expression: string;
  readonly value: Json;
}

type Arguments = Omit<Static<typeof schema>, 'var'> & { readonly var?: string | Evaluated };

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}

/** Prints a message or a value. */
export const debug: ControlResource<Arguments> = {
  kind: 'control',
  name: 'debug',
  summary: 'Print a message or the value of a variable',
  schema,
  expressions: ['var'],
  evaluate(want) {
    const quiet = (want.verbosity ?? 0) > 0;
    if (typeof want.var === 'object') {
      const { expression, value } = want.var;
      const message = `${expression}: ${shown(value)}`;
      return { status: 'ok', ...(!quiet && { message }), result: { [expression]: value } };
    }
    const msg: Json = want.msg ?? want.var ?? 'Hello world!';
    return { status: 'ok', ...(!quiet && { message: shown(msg) }), result: { msg } };
  },
};
