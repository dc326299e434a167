import { type Static, Type } from 'typebox';
import { accountName } from './accounts/account-name.ts';
import { userChanges, userScript } from './accounts/user-change.ts';
import { extrasResult } from './accounts/user-extras.ts';
import { probeUser, type UserState } from './accounts/user-state.ts';
import type { HostResource } from './resource.ts';

// Ansible takes them everywhere and uses them on other systems only.
const ofOtherSystems = Object.fromEntries(
  ['hidden', 'login_class', 'profile', 'authorization', 'role'].map((name) => [
    name,
    Type.Optional(Type.Unknown({ description: 'of other systems: nothing here' })),
  ]),
);

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
    expires: Type.Optional(
      Type.Number({ description: 'when the account ends, seconds since 1970; negative: never' }),
    ),
    password_expire_min: Type.Optional(
      Type.Integer({ minimum: 0, description: 'days between two changes of the password' }),
    ),
    password_expire_max: Type.Optional(
      Type.Integer({ minimum: 0, description: 'days after which the password must be changed' }),
    ),
    password_expire_warn: Type.Optional(
      Type.Integer({ minimum: 0, description: 'days before that on which a login warns' }),
    ),
    generate_ssh_key: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'make a key for ssh, without a passphrase, where there is none',
      }),
    ),
    ssh_key_type: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]+$',
        default: 'rsa',
        description: 'its kind, as ssh-keygen knows it',
      }),
    ),
    ssh_key_bits: Type.Optional(
      Type.Integer({ minimum: 0, description: 'its length; that of ssh-keygen when not given' }),
    ),
    ssh_key_file: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'its file, below the home directory or absolute; `.ssh/id_TYPE` when not given',
      }),
    ),
    ssh_key_comment: Type.Optional(
      Type.String({
        pattern: '^[^\\n]*$',
        description: 'its comment; `ansible-generated on HOST` when not given',
      }),
    ),
    non_unique: Type.Optional(
      Type.Boolean({ default: false, description: 'another user may have `uid`, too' }),
    ),
    skeleton: Type.Optional(
      Type.String({ pattern: '^/', description: 'directory that a new home is copied from' }),
    ),
    umask: Type.Optional(
      Type.String({ pattern: '^[0-7]{1,4}$', description: 'umask with which a new home is made' }),
    ),
    seuser: Type.Optional(Type.String({ minLength: 1, description: 'user of SELinux of a new account' })),
    ...ofOtherSystems,
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
  gives: [
    ...['name', 'state', 'uid', 'group', 'home', 'shell', 'comment', 'append', 'move_home', 'system'],
    ...['ssh_key_file', 'ssh_fingerprint', 'ssh_public_key'],
  ],
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
      ...extrasResult(want, have.extras),
    };
  },
};
