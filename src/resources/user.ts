import { type Static, Type } from 'typebox';
import { accountName } from './accounts/account-name.ts';
import { userChanges, userScript } from './accounts/user-change.ts';
import { probeUser, type UserState } from './accounts/user-state.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({ pattern: accountName, description: 'the login name' }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should exist' }),
    ),
    uid: Type.Optional(Type.Integer({ minimum: 0, description: 'its number' })),
    group: Type.Optional(Type.String({ minLength: 1, description: 'its first group' })),
    groups: Type.Optional(
      Type.Array(Type.String(), { description: 'its other groups; an empty list takes it out of all' }),
    ),
    append: Type.Optional(
      Type.Boolean({ default: false, description: 'leave it in other groups than those of `groups`' }),
    ),
    comment: Type.Optional(Type.String({ pattern: '^[^:\\n]*$', description: 'its full name (GECOS)' })),
    shell: Type.Optional(Type.String({ pattern: '^/', description: 'its login shell' })),
    home: Type.Optional(Type.String({ pattern: '^/[^:\\n]*$', description: 'its home directory' })),
    create_home: Type.Optional(
      Type.Boolean({ description: 'make the home directory; true for a new user when not given' }),
    ),
    move_home: Type.Optional(
      Type.Boolean({ default: false, description: 'move what is in the old home when `home` changes' }),
    ),
    system: Type.Optional(
      Type.Boolean({ default: false, description: 'a new user gets a number from the range of the system' }),
    ),
    password: Type.Optional(
      Type.String({
        pattern: '^[^:\\n]*$',
        description: "the hash of the password, as crypt makes it; '!' or '*' lets no password in",
      }),
    ),
    update_password: Type.Optional(
      Type.Enum(['always', 'on_create'], {
        default: 'always',
        description: 'whether a user that is there gets `password`',
      }),
    ),
    password_lock: Type.Optional(Type.Boolean({ description: 'whether the password is locked' })),
    remove: Type.Optional(
      Type.Boolean({ default: false, description: 'with absent: remove its home and mail too' }),
    ),
    force: Type.Optional(
      Type.Boolean({ default: false, description: 'with absent: also while it is logged in' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

/** A user account. */
export const user: HostResource<Arguments, UserState> = {
  kind: 'host',
  name: 'user',
  summary: 'Create, change or remove a user account',
  schema,
  argumentAliases: { name: ['user'], create_home: ['createhome'] },
  effect: 'opaque',
  probe: probeUser,
  refuse(want, have) {
    if (userChanges(want, have).length === 0) return [];
    if (!have.tools) return ['the host has no useradd, usermod and userdel (package passwd or shadow)'];
    const secret = want.password !== undefined || want.password_lock !== undefined;
    return secret && !have.privileged ? ['only root can see and set passwords; use `become: true`'] : [];
  },
  diff: userChanges,
  steps: (want, changes, have) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: userScript(want, changes, have) }],
  result(want, have) {
    const { entry } = have;
    if (want.state === 'absent') return { name: want.name, state: 'absent' };
    const home = want.home ?? entry?.home;
    const shell = want.shell ?? entry?.shell;
    const uid = want.uid ?? entry?.uid;
    return {
      name: want.name,
      state: 'present',
      ...(uid !== undefined && { uid }),
      ...(entry && { group: entry.gid }),
      ...(home !== undefined && { home }),
      ...(shell !== undefined && { shell }),
      comment: want.comment ?? entry?.comment ?? '',
      append: want.append ?? false,
      move_home: want.move_home ?? false,
      system: want.system ?? false,
    };
  },
};
