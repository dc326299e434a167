import { Type } from 'typebox';

/** Says of an argument that `~` and `$NAME` in it stand for what they are on the host (`language/evaluate/host-paths.ts`). */
export const expandedOnHost = { format: 'host-path' };

/** An argument that names a place on the managed host. */
export function hostPath(description: string) {
  return Type.String({
    ...expandedOnHost,
    pattern: '^[/~$][^\\u0000]*$',
    description: `${description}; an absolute path on the host, or one that begins with \`~\``,
  });
}

/** The same where it is written out: the host is not asked what stands for `~`. */
export function absolutePath(description: string) {
  return Type.String({
    pattern: '^/[^\\u0000]*$',
    description: `${description}; an absolute path on the host, without \`~\``,
  });
}

/** Octal, or symbolic as chmod takes it. */
export const modePattern =
  '^(0o?)?[0-7]{3,4}$|^([ugoa]*([-+=]([rwxXst]*|[ugo]))+)(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*$';

/** How a mode is written. */
export const modeWords = "octal in quotes, as in '0644', or symbolic, as in u=rw,g=r,o=";

const modeArgument = Type.Optional(
  Type.String({
    pattern: modePattern,
    description: modeWords,
  }),
);

const label = (part: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[^\\s\\u0000]+$',
      description: `${part} of its SELinux label: without an effect on a host without SELinux, refused on one with it`,
    }),
  );

/** Arguments of every resource that leaves a file behind; of the labels `selinux-labels.ts` takes care. */
export const ownershipArguments = {
  owner: Type.Optional(Type.String({ minLength: 1, description: 'name or number of the user who owns it' })),
  group: Type.Optional(Type.String({ minLength: 1, description: 'name or number of its group' })),
  mode: modeArgument,
  seuser: label('user'),
  serole: label('role'),
  setype: label('type'),
  selevel: label('level'),
};

/** Arguments of every resource that replaces a file's content. */
export const replacementArguments = {
  ...ownershipArguments,
  backup: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'keep the old file beside the new one, with the time in its name',
    }),
  ),
  unsafe_writes: Type.Optional(
    Type.Boolean({ default: false, description: 'without an effect: a file is always replaced as a whole' }),
  ),
  validate: Type.Optional(
    Type.String({
      pattern: '%s',
      description:
        'command that must succeed on the new file, named in it as %s, before it replaces the old one; no shell reads it',
    }),
  ),
};

/** Schema keywords that refuse two arguments side by side. */
export function notBoth(one: string, other: string) {
  return { not: { properties: { [one]: {}, [other]: {} }, required: [one, other] } };
}

/** Schema keywords that ask for at least one of some arguments. */
export function needsOneOf(...names: readonly string[]) {
  return { anyOf: names.map((name) => ({ properties: { [name]: {} }, required: [name] })) };
}
