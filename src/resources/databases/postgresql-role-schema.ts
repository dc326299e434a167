import { type Static, Type } from 'typebox';
import { postgresqlArguments, postgresqlName } from './postgresql-client.ts';

/** Arguments of a role of PostgreSQL. */
export const roleSchema = Type.Object(
  {
    name: Type.String({ pattern: postgresqlName, description: 'the role' }),
    password: Type.Optional(
      Type.String({ description: 'its password, plain or as the server writes it down; empty for none' }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    role_attr_flags: Type.Optional(
      Type.Array(
        Type.String({
          pattern:
            '^\\s*((?:NO)?(?:SUPERUSER|CREATEROLE|CREATEDB|INHERIT|LOGIN|REPLICATION|BYPASSRLS)|(?:no)?(?:superuser|createrole|createdb|inherit|login|replication|bypassrls))?\\s*$',
        }),
        { description: 'what it may do, as in CREATEDB or NOSUPERUSER' },
      ),
    ),
    expires: Type.Optional(Type.String({ minLength: 1, description: 'when its password ends, or infinity' })),
    conn_limit: Type.Optional(Type.Integer({ description: 'how often it may be connected' })),
    comment: Type.Optional(Type.String({ description: 'what is said of it' })),
    encrypted: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted: servers write no password down as it is' }),
    ),
    no_password_changes: Type.Optional(
      Type.Boolean({ default: false, description: 'a password that is there stays' }),
    ),
    fail_on_user: Type.Optional(
      Type.Boolean({ default: true, description: 'with absent: a role that is needed is an error' }),
    ),
    login_db: Type.Optional(
      Type.String({
        pattern: postgresqlName,
        default: 'postgres',
        description: 'database that is connected with',
      }),
    ),
    priv: Type.Optional(Type.String({ description: 'refused: use command with psql' })),
    groups: Type.Optional(
      Type.Array(Type.String({ pattern: postgresqlName }), {
        description: 'roles that it is a member of; others stay',
      }),
    ),
    configuration: Type.Optional(
      Type.Record(Type.String({ pattern: '^[\\w.]+$' }), Type.Any(), {
        description: 'settings of its sessions',
      }),
    ),
    reset_unspecified_configuration: Type.Optional(
      Type.Boolean({ default: false, description: 'other settings are taken away' }),
    ),
    quote_configuration_values: Type.Optional(Type.Boolean({ default: true, description: 'accepted' })),
    ...postgresqlArguments,
  },
  { additionalProperties: false },
);

export type RoleArguments = Static<typeof roleSchema>;
