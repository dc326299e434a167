import { Type } from 'typebox';
import { printFunction } from '../../probes/answer.ts';
import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';

/** The pattern of what PostgreSQL can have as a name. */
export const postgresqlName = '^[^\\u0000\\n]+$';

/** An argument that is such a name, or a line of text. */
export const nameArgument = (description: string) =>
  Type.Optional(Type.String({ pattern: postgresqlName, description }));

/** Arguments of every module about PostgreSQL: how its server is reached. */
export const postgresqlArguments = {
  login_host: Type.Optional(
    Type.String({ default: '', description: 'the server; without it the socket of the host' }),
  ),
  login_port: Type.Optional(Type.Integer({ default: 5432, description: 'its port' })),
  login_unix_socket: Type.Optional(Type.String({ default: '', description: 'directory of its socket' })),
  login_user: Type.Optional(Type.String({ default: 'postgres', description: 'who logs in' })),
  login_password: Type.Optional(
    Type.String({ default: '', description: 'with which password; it travels over stdin' }),
  ),
  ssl_mode: Type.Optional(
    Type.Enum(['allow', 'disable', 'prefer', 'require', 'verify-ca', 'verify-full'], {
      default: 'prefer',
      description: 'whether it speaks TLS',
    }),
  ),
  ca_cert: nameArgument('certificates that its server is checked with'),
  ssl_cert: nameArgument('certificate to log in with'),
  ssl_key: nameArgument('key of that'),
  connect_params: Type.Optional(
    Type.Record(Type.String({ pattern: '^\\w+$' }), Type.Any(), {
      description: 'further parameters of libpq',
    }),
  ),
  session_role: nameArgument('role that is taken after the login'),
  trust_input: Type.Optional(
    Type.Boolean({ default: true, description: 'accepted: names and values are quoted in any case' }),
  ),
};

/** Other names of these arguments. */
export const postgresqlAliases = {
  login_host: ['host'],
  login_port: ['port'],
  login_unix_socket: ['unix_socket'],
  login_user: ['login'],
  ca_cert: ['ssl_rootcert'],
};

/** How the server is reached. */
export interface PostgresqlReach {
  readonly login_host?: string;
  readonly login_port?: number;
  readonly login_unix_socket?: string;
  readonly login_user?: string;
  readonly login_password?: string;
  readonly ssl_mode?: string;
  readonly ca_cert?: string;
  readonly ssl_cert?: string;
  readonly ssl_key?: string;
  readonly connect_params?: Readonly<Record<string, unknown>>;
  readonly session_role?: string;
}

/** A name as SQL has it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL has it; the session says that a backslash is nothing special. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** sh code that lets psql and its like find the server: all of it in the environment, nothing in words that others see. */
export function postgresqlPlace(reach: PostgresqlReach): string {
  const host = reach.login_host || reach.login_unix_socket;
  const settings: readonly (readonly [string, string | undefined])[] = [
    ['PGHOST', host],
    ['PGPORT', String(reach.login_port ?? 5432)],
    ['PGUSER', reach.login_user ?? 'postgres'],
    ['PGPASSWORD', reach.login_password],
    ['PGSSLMODE', reach.ssl_mode],
    ['PGSSLROOTCERT', reach.ca_cert],
    ['PGSSLCERT', reach.ssl_cert],
    ['PGSSLKEY', reach.ssl_key],
  ];
  const given = settings.flatMap(([name, value]) => (value ? [`export ${name}=${quote(value)}`] : []));
  return ['export PGCLIENTENCODING=UTF8 LC_ALL=C.UTF-8', ...given].join('\n');
}

/** sh code that has the server do what SQL says. @param database the one that is connected with */
export function psql(reach: PostgresqlReach, database: string, sql: string): string {
  const parameters = Object.entries(reach.connect_params ?? {}).map(
    ([name, value]) => `${name}='${String(value).replaceAll(/['\\]/g, '\\$&')}'`,
  );
  const place =
    parameters.length > 0
      ? [`dbname='${database.replaceAll(/['\\]/g, '\\$&')}'`, ...parameters].join(' ')
      : database;
  const role = reach.session_role === undefined ? '' : `SET ROLE ${sqlName(reach.session_role)};\n`;
  const all = `SET standard_conforming_strings = on;\n${role}${sql}\n`;
  return `{ ${printBytes(all)}\n} | psql -X -A -t -q -v ON_ERROR_STOP=1 -d ${quote(place)} -f -`;
}

/** sh code that prints a row of the server as JSON under a key; several questions are tried one after the other. */
export function postgresqlQuestion(
  reach: PostgresqlReach,
  database: string,
  queries: readonly string[],
): string {
  const asks = queries.map((query) => {
    const command = psql(reach, database, `SELECT row_to_json(provision) FROM (${query}) provision;`);
    return `provision_out=$(${command} 2>&1)`;
  });
  return `${printFunction}
command -v psql >/dev/null || { echo 'psql no'; exit 0; }
${postgresqlPlace(reach)}
if ${asks.join(' || ')}; then provision_print row "$provision_out"; else provision_print fault "$provision_out"; fi`;
}

/** Reads what `postgresqlQuestion` printed: undefined where there is no such thing. */
export function readRow(text: string | undefined): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text?.trim() || 'null');
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
