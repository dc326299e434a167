import { Type } from 'typebox';

/** Text that may be a template. */
export const text = (description: string) => Type.String({ description });

/** true or false, or a template that gives one. */
export const flag = (description: string) => Type.Boolean({ description });

/** One expression or several that must all hold. */
export const conditions = (description: string) =>
  Type.Union([Type.String(), Type.Boolean(), Type.Array(Type.Union([Type.String(), Type.Boolean()]))], {
    description,
  });

/** One name or several. */
export const names = (description: string) => Type.Array(Type.String(), { description });

/** Names and values, as in `vars`. */
export const mapping = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

/** Who acts and in which environment: the same words on plays, blocks, roles and tasks. */
export const actingKeywords = {
  become: flag('act as another user'),
  become_user: text('the user to become; root without it'),
  become_method: Type.Literal('sudo', { description: 'only sudo' }),
  environment: Type.Union(
    [Type.Record(Type.String(), Type.Unknown()), Type.Array(Type.Unknown()), Type.String()],
    {
      description: 'environment variables of commands',
    },
  ),
};

/** A name that templates can use. */
export const identifier = (description: string) =>
  Type.String({
    description: `${description}: letters, digits and _, no digit first`,
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  });
