import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import {
  mysqlAliases,
  mysqlArguments,
  mysqlCommand,
  mysqlPlace,
  mysqlQuestion,
  mysqlText,
} from './databases/mysql-client.ts';
import { grantChanges, grantSql, grantsAfter, shownRights } from './databases/mysql-grant-changes.ts';
import { type Grants, readGrants } from './databases/mysql-grants.ts';
import type { Change, HostResource } from './resource.ts';

const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));
const refused = (description: string) =>
  Type.Optional(Type.Unknown({ description: `refused: ${description}` }));

const schema = Type.Object(
  {
    name: Type.String({ pattern: '^[^\\u0000\\n]*$', description: 'the user; empty is anybody' }),
    host: Type.Optional(
      Type.String({ pattern: '^[^\\u0000\\n]+$', default: 'localhost', description: 'where it comes from' }),
    ),
    host_all: flag('wherever it comes from; with a name that exists'),
    password: Type.Optional(Type.String({ description: 'its password' })),
    encrypted: flag('the password is what mysql_native_password writes down: * and 40 digits'),
    update_password: Type.Optional(
      Type.Enum(['always', 'on_create', 'on_new_username'], {
        default: 'always',
        description: 'whether a password that is there is replaced',
      }),
    ),
    priv: Type.Optional(
      Type.Union([Type.String(), Type.Record(Type.String(), Type.Any())], {
        description: 'its rights, as in shop.*:SELECT,INSERT/other.*:ALL, or as a mapping',
      }),
    ),
    append_privs: flag('it keeps its other rights'),
    subtract_privs: flag('these rights are taken away'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    plugin: refused('use command'),
    plugin_hash_string: refused('use command'),
    plugin_auth_string: refused('use command'),
    salt: refused('use command'),
    tls_requires: refused('use command'),
    resource_limits: refused('use command'),
    attributes: refused('use command'),
    session_vars: refused('use command'),
    locked: refused('use command'),
    password_expire: refused('use command'),
    password_expire_interval: refused('use command'),
    force_context: flag('accepted'),
    sql_log_bin: flag('changes are logged', true),
    ...mysqlArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface Account {
  readonly host: string;
  readonly hash: string;
  readonly grants: Grants;
}

interface State {
  readonly mysql: boolean;
  readonly fault: string | undefined;
  readonly accounts: readonly Account[];
}

const notThere = [
  'plugin',
  'plugin_hash_string',
  'plugin_auth_string',
  'salt',
  'tls_requires',
  'resource_limits',
  'attributes',
  'session_vars',
  'locked',
  'password_expire',
  'password_expire_interval',
] as const;

function account(want: Arguments, host: string): string {
  return `${mysqlText(want.name)}@${mysqlText(host)}`;
}

function question(want: Arguments): string {
  const where = `user = ${mysqlText(want.name)}${want.host_all ? '' : ` AND host = ${mysqlText(want.host ?? 'localhost')}`}`;
  // Older servers write it down in another column; what is shown of a user without it is an error.
  return mysqlQuestion(want, {
    users: `SELECT host, IF(authentication_string <> '', authentication_string, '') FROM mysql.user WHERE ${where};`,
    grants: want.host_all ? 'SELECT 1;' : `SHOW GRANTS FOR ${account(want, want.host ?? 'localhost')};`,
  });
}

/** What mysql_native_password writes down. */
function nativeHash(password: string): string {
  const once = createHash('sha1').update(password).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}

function hashOf({ password, encrypted }: Arguments): string | undefined {
  if (password === undefined) return undefined;
  return encrypted ? password.toUpperCase() : password === '' ? '' : nativeHash(password);
}

function newPassword(want: Arguments, found: Account): boolean {
  const hash = hashOf(want);
  return (
    hash !== undefined && (want.update_password ?? 'always') === 'always' && found.hash.toUpperCase() !== hash
  );
}

/** A user of MySQL or MariaDB. */
export const mysqlUser: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'mysql_user',
  summary: 'Make, alter or remove a user of MySQL or MariaDB, with its rights',
  schema,
  argumentAliases: { name: ['user'], ...mysqlAliases },
  effect: 'opaque',
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, `the user ${want.name}`);
        const text = (key: string) => answer.bytes(key)?.toString() ?? '';
        const grants = readGrants(text('grants').split('\n'));
        const rows = text('users')
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split('\t'));
        return {
          mysql: answer.get('mysql') !== 'no',
          fault: answer.bytes('users_fault')?.toString().trim(),
          accounts: rows.map(([host = '', hash = '']) => ({ host, hash, grants })),
        };
      },
    }),
  refuse(want, have) {
    const given = notThere.filter((name) => want[name] !== undefined);
    if (given.length > 0) return [`${given.join(' and ')}: not supported, use command with mysql`];
    if (!have.mysql) return ['the host has no mysql; install it first, as with the package mariadb-client'];
    if (have.fault !== undefined) return [`unable to find the server, or to log in: ${have.fault}`];
    if (want.append_privs && want.subtract_privs)
      return ['parameters are mutually exclusive: append_privs|subtract_privs'];
    if (want.encrypted && want.password !== undefined && !/^\*[0-9a-fA-F]{40}$/.test(want.password))
      return ['encrypted: true wants * and 40 hexadecimal digits as the password'];
    if (want.host_all && want.priv !== undefined)
      return ['host_all with priv is not supported: use a loop over hosts'];
    return [];
  },
  diff(want, { accounts }) {
    const { state = 'present', host = 'localhost' } = want;
    const named = (of: string) => `user ${want.name}@${of}`;
    if (state === 'absent')
      return accounts.map((one) => ({ attribute: named(one.host), from: 'present', to: 'absent' }));
    const [found] = accounts;
    if (!found) {
      if (want.host_all) return [];
      const made: Change = { attribute: named(host), from: 'absent', to: 'present' };
      const rights = want.subtract_privs ? [] : grantChanges(want, new Map());
      return [
        made,
        ...rights.map(({ at, give }) => ({
          attribute: `rights on ${at}`,
          from: 'none',
          to: shownRights(give),
        })),
      ];
    }
    const passwords = accounts
      .filter((one) => newPassword(want, one))
      .map((one) => ({ attribute: `password of ${want.name}@${one.host}`, from: 'another one', to: 'set' }));
    const rights = grantChanges(want, found.grants).map((one) => ({
      attribute: `rights on ${one.at}`,
      from: shownRights(found.grants.get(one.at) ?? []),
      to: shownRights(grantsAfter(found.grants.get(one.at), one)),
    }));
    return [...passwords, ...rights];
  },
  steps(want, changes, { accounts }) {
    if (changes.length === 0) return [];
    const { state = 'present', host = 'localhost', password = '' } = want;
    const identified = want.encrypted
      ? `IDENTIFIED WITH mysql_native_password AS ${mysqlText(password.toUpperCase())}`
      : `IDENTIFIED BY ${mysqlText(password)}`;
    // The way that is known here; MariaDB takes both words.
    const [found] = accounts;
    const sql =
      state === 'absent'
        ? accounts.map((one) => `DROP USER ${account(want, one.host)};`)
        : found
          ? [
              ...accounts
                .filter((one) => newPassword(want, one))
                .map((one) => `ALTER USER ${account(want, one.host)} ${identified};`),
              ...grantSql(account(want, found.host), grantChanges(want, found.grants)),
            ]
          : [
              `CREATE USER ${account(want, host)}${want.password === undefined ? '' : ` ${identified}`};`,
              ...grantSql(account(want, host), want.subtract_privs ? [] : grantChanges(want, new Map())),
            ];
    const log = want.sql_log_bin === false ? ['SET SESSION sql_log_bin = 0;'] : [];
    return [
      { kind: 'script', script: `${mysqlPlace(want)}\n${mysqlCommand(want, [...log, ...sql].join('\n'))}` },
    ];
  },
  result: (want, { accounts }) => ({ user: want.name, hosts: accounts.map(({ host }) => host) }),
};
