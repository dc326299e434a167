import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import {
  postgresqlAliases,
  postgresqlPlace,
  postgresqlQuestion,
  psql,
  readRow,
  sqlName,
  sqlText,
} from './databases/postgresql-client.ts';
import { isRolePassword } from './databases/postgresql-password.ts';
import { type RoleArguments, roleSchema } from './databases/postgresql-role-schema.ts';
import type { Change, HostResource, Json } from './resource.ts';

interface State {
  readonly psql: boolean;
  readonly fault: string | undefined;
  readonly row: { readonly [name: string]: unknown } | undefined;
}

const flags = ['super', 'createrole', 'createdb', 'inherit', 'canlogin', 'replication', 'bypassrls'];

function question(want: RoleArguments): string {
  const role = sqlText(want.name);
  const query = (table: string, password: string) =>
    `SELECT ${flags.map((one) => `r.rol${one}`).join(', ')}, r.rolconnlimit, ${password} AS password, r.rolvaliduntil::text AS expires,
${want.expires === undefined ? 'true' : `coalesce(r.rolvaliduntil, 'infinity') = ${sqlText(want.expires)}::timestamptz`} AS lasting,
shobj_description(r.oid, 'pg_authid') AS comment,
coalesce((SELECT json_agg(g.rolname) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid), '[]') AS groups,
coalesce((SELECT to_json(s.setconfig) FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0), '[]') AS settings
FROM ${table} r WHERE r.rolname = ${role}`;
  // Only a superuser sees passwords, and a service in a cloud has none.
  return postgresqlQuestion(want, want.login_db ?? 'postgres', [
    query('pg_authid', 'r.rolpassword'),
    query('pg_roles', 'NULL'),
  ]);
}

function wantedFlags({
  role_attr_flags: list = [],
}: RoleArguments): readonly (readonly [word: string, column: string, is: boolean])[] {
  return list
    .flatMap((one) => one.split(','))
    .map((one) => one.trim().toUpperCase())
    .filter(Boolean)
    .map((word) => {
      const is = !word.startsWith('NO');
      const plain = word.replace(/^NO/, '').toLowerCase();
      return [word, `rol${{ superuser: 'super', login: 'canlogin' }[plain] ?? plain}`, is] as const;
    });
}

function settings(row: State['row']): ReadonlyMap<string, string> {
  const list = row?.settings;
  return new Map(
    (Array.isArray(list) ? list : []).map((one) => {
      const [key = '', ...rest] = String(one).split('=');
      return [key, rest.join('=')] as const;
    }),
  );
}

function passwordChange(want: RoleArguments, row: State['row']): readonly Change[] {
  if (want.password === undefined || (row && want.no_password_changes)) return [];
  const written = typeof row?.password === 'string' ? row.password : undefined;
  const same =
    want.password === '' ? written === undefined : isRolePassword(want.name, want.password, written);
  return same
    ? []
    : [
        {
          attribute: 'password',
          from: written === undefined ? 'unset' : 'another one',
          to: want.password === '' ? 'unset' : 'set',
        },
      ];
}

function differences(want: RoleArguments, row: NonNullable<State['row']>): readonly Change[] {
  const changes: Change[] = [...passwordChange(want, row)];
  for (const [word, column, is] of wantedFlags(want))
    if (row[column] !== is)
      changes.push({ attribute: 'role_attr_flags', from: is ? `NO${word}` : word.slice(2), to: word });
  if (want.conn_limit !== undefined && Number(row.rolconnlimit) !== want.conn_limit)
    changes.push({ attribute: 'conn_limit', from: String(row.rolconnlimit), to: String(want.conn_limit) });
  if (want.expires !== undefined && row.lasting !== true)
    changes.push({ attribute: 'expires', from: String(row.expires ?? 'infinity'), to: want.expires });
  if (want.comment !== undefined && String(row.comment ?? '') !== want.comment)
    changes.push({ attribute: 'comment', from: String(row.comment ?? 'unset'), to: want.comment });
  return changes;
}

function furtherChanges(want: RoleArguments, row: State['row']): readonly Change[] {
  const groups = Array.isArray(row?.groups) ? row.groups.map(String) : [];
  const have = settings(row);
  const wanted = Object.entries(want.configuration ?? {}).map(
    ([key, value]) => [key, String(value)] as const,
  );
  const others = want.reset_unspecified_configuration
    ? [...have.keys()].filter((key) => !wanted.some(([one]) => one === key))
    : [];
  return [
    ...(want.groups ?? [])
      .filter((one) => !groups.includes(one))
      .map((one) => ({ attribute: `group ${one}`, from: 'absent', to: 'member' })),
    ...wanted.flatMap(([key, value]) =>
      have.get(key) === value
        ? []
        : [{ attribute: `configuration ${key}`, from: have.get(key) ?? 'unset', to: value }],
    ),
    ...others.map((key) => ({ attribute: `configuration ${key}`, from: have.get(key) ?? '', to: 'unset' })),
  ];
}

function statements(want: RoleArguments, changes: readonly Change[], row: State['row']): readonly string[] {
  const own = sqlName(want.name);
  if (want.state === 'absent') return [`DROP ROLE ${own}`];
  const changed = (attribute: string) => !row || changes.some((one) => one.attribute === attribute);
  const options = [
    ...(changed('role_attr_flags') ? wantedFlags(want).map(([word]) => word) : []),
    ...(want.password !== undefined && changed('password')
      ? [want.password === '' ? 'PASSWORD NULL' : `PASSWORD ${sqlText(want.password)}`]
      : []),
    ...(want.conn_limit !== undefined && changed('conn_limit')
      ? [`CONNECTION LIMIT ${want.conn_limit}`]
      : []),
    ...(want.expires !== undefined && changed('expires') ? [`VALID UNTIL ${sqlText(want.expires)}`] : []),
  ];
  const verb = row ? 'ALTER ROLE' : 'CREATE USER';
  const word = (attribute: string, prefix: string) =>
    attribute.startsWith(prefix) ? attribute.slice(prefix.length) : undefined;
  return [
    ...(row && options.length === 0
      ? []
      : [`${verb} ${own}${options.length > 0 ? ` WITH ${options.join(' ')}` : ''}`]),
    ...(want.comment !== undefined && changed('comment')
      ? [`COMMENT ON ROLE ${own} IS ${sqlText(want.comment)}`]
      : []),
    ...changes.flatMap(({ attribute, to = '' }) => {
      const group = word(attribute, 'group ');
      const key = word(attribute, 'configuration ');
      if (group !== undefined) return [`GRANT ${sqlName(group)} TO ${own}`];
      if (key === undefined) return [];
      return [
        to === 'unset' ? `ALTER ROLE ${own} RESET ${key}` : `ALTER ROLE ${own} SET ${key} = ${sqlText(to)}`,
      ];
    }),
  ];
}

/** A role of PostgreSQL. */
export const postgresqlUser: HostResource<RoleArguments, State> = {
  kind: 'host',
  name: 'postgresql_user',
  summary: 'Make, alter or remove a role of PostgreSQL',
  schema: roleSchema,
  argumentAliases: { ...postgresqlAliases, name: ['user'], login_db: ['db'] },
  effect: 'opaque',
  repeats: ({ state, fail_on_user }) => state === 'absent' && fail_on_user === false,
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, `the role ${want.name}`);
        return {
          psql: answer.get('psql') !== 'no',
          fault: answer.bytes('fault')?.toString().trim(),
          row: readRow(answer.bytes('row')?.toString()),
        };
      },
    }),
  refuse(want, have) {
    if (want.priv) return ['priv is not supported: use command with psql, as in GRANT ... ON ... TO ...'];
    if (!have.psql) return ['the host has no psql; install it first, as with the package postgresql-client'];
    return have.fault === undefined ? [] : [`unable to connect to database: ${have.fault}`];
  },
  diff(want, { row }) {
    const attribute = `role ${want.name}`;
    if (want.state === 'absent') return row ? [{ attribute, from: 'present', to: 'absent' }] : [];
    const made: Change[] = row ? [] : [{ attribute, from: 'absent', to: 'present' }];
    return [...made, ...(row ? differences(want, row) : []), ...furtherChanges(want, row)];
  },
  steps(want, changes, { row }) {
    if (changes.length === 0) return [];
    const sql = statements(want, changes, row)
      .map((one) => `${one};`)
      .join('\n');
    const command = psql(want, want.login_db ?? 'postgres', sql);
    const lenient = want.state === 'absent' && want.fail_on_user === false ? ' || :' : '';
    return [{ kind: 'script', script: `${postgresqlPlace(want)}\n${command}${lenient}` }];
  },
  result: (want, _have, _outputs, before): { readonly [key: string]: Json } => ({
    user: want.name,
    queries: before
      ? statements(want, postgresqlUser.diff(want, before), before.row).map((one) =>
          one.replace(/PASSWORD '(?:[^']|'')*'/, "PASSWORD '********'"),
        )
      : [],
  }),
};
