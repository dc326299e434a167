import { Type } from 'typebox';
import { printFunction } from '../../probes/answer.ts';
import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';

const text = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[^\\u0000\\n]+$', description }));
const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }));

/** Arguments of every module about MySQL and MariaDB: how the server is reached. */
export const mysqlArguments = {
  login_user: text('who logs in'),
  login_password: Type.Optional(Type.String({ description: 'with which password; it travels over stdin' })),
  login_host: Type.Optional(Type.String({ default: 'localhost', description: 'the server' })),
  login_port: Type.Optional(Type.Integer({ default: 3306, description: 'its port' })),
  login_unix_socket: text('its socket'),
  config_file: Type.Optional(
    Type.String({ default: '~/.my.cnf', description: 'file of the host that says how to log in' }),
  ),
  client_cert: text('certificate to log in with'),
  client_key: text('key of that'),
  ca_cert: text('certificates that the server is checked with'),
  check_hostname: Type.Optional(Type.Boolean({ description: 'whether its name is checked, too' })),
  connect_timeout: Type.Optional(Type.Integer({ default: 30, description: 'seconds to wait for it' })),
  check_implicit_admin: flag('try to log in as root without a password first'),
  column_case_sensitive: Type.Optional(Type.Boolean({ description: 'accepted' })),
};

/** Other names of these arguments. */
export const mysqlAliases = { client_cert: ['ssl_cert'], client_key: ['ssl_key'], ca_cert: ['ssl_ca'] };

/** How the server is reached. */
export interface MysqlReach {
  readonly login_user?: string;
  readonly login_password?: string;
  readonly login_host?: string;
  readonly login_port?: number;
  readonly login_unix_socket?: string;
  readonly config_file?: string;
  readonly client_cert?: string;
  readonly client_key?: string;
  readonly ca_cert?: string;
  readonly check_hostname?: boolean;
  readonly connect_timeout?: number;
  readonly check_implicit_admin?: boolean;
}

/** A name as SQL has it. */
export function mysqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text as SQL has it; the session says that a backslash is nothing special. */
export function mysqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** sh code with `provision_mysql PROGRAM WORDS`, which runs a program of the server's with what it needs to log in. */
export function mysqlPlace(reach: MysqlReach): string {
  const file = reach.config_file ?? '~/.my.cnf';
  const place = file.startsWith('~/') ? `"$HOME"/${quote(file.slice(2))}` : quote(file);
  const socket = reach.login_unix_socket;
  const host = reach.login_host ?? 'localhost';
  const words = [
    ...(reach.login_user === undefined ? [] : [`--user=${reach.login_user}`]),
    ...(socket === undefined ? [] : [`--socket=${socket}`]),
    ...(socket !== undefined || host === 'localhost'
      ? []
      : [`--host=${host}`, `--port=${reach.login_port ?? 3306}`]),
    ...(reach.client_cert === undefined ? [] : [`--ssl-cert=${reach.client_cert}`]),
    ...(reach.client_key === undefined ? [] : [`--ssl-key=${reach.client_key}`]),
    ...(reach.ca_cert === undefined ? [] : [`--ssl-ca=${reach.ca_cert}`]),
  ];
  const given = words.map(quote).join(' ');
  const password =
    reach.login_password === undefined ? '' : `MYSQL_PWD=${quote(reach.login_password)}; export MYSQL_PWD`;
  const login = `provision_mysql() {
  provision_program=$1; shift
  if [ -f ${place} ]; then set -- --defaults-extra-file=${place} ${given} "$@"; else set -- ${given} "$@"; fi
  "$provision_program" "$@"
}`;
  // Newer packages of MariaDB have no other name for it.
  const find = (name: string, other: string) =>
    `provision_${name}=$(command -v ${name} || command -v ${other})`;
  return [
    'export LC_ALL=C.UTF-8',
    password,
    find('mysql', 'mariadb'),
    find('mysqldump', 'mariadb-dump'),
    login,
    ...(reach.check_implicit_admin
      ? [
          `if (unset MYSQL_PWD; "$provision_mysql" --user=root -e 'SELECT 1' >/dev/null 2>&1 </dev/null); then unset MYSQL_PWD; provision_mysql() { provision_program=$1; shift; "$provision_program" --user=root "$@"; }; fi`,
        ]
      : []),
  ]
    .filter(Boolean)
    .join('\n');
}

/**
 * sh code that has the server do what SQL says; `mysqlPlace` stands before it. Of an error only the line of the server is shown:
 * the program would print the statement, too, which may have a password in it.
 */
export function mysqlCommand(reach: MysqlReach, sql: string): string {
  const wait = reach.connect_timeout === undefined ? '' : ` --connect-timeout=${reach.connect_timeout}`;
  const all = `SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');\n${sql}\n`;
  return `{ provision_said=$({ ${printBytes(all)}
} | provision_mysql "$provision_mysql"${wait} --batch --skip-column-names --default-character-set=utf8mb4 2>&1) &&
  printf '%s\\n' "$provision_said" || { printf '%s\\n' "$provision_said" | grep '^ERROR' >&2; false; }; }`;
}

/** sh code that asks the server, and prints each answer under its key. */
export function mysqlQuestion(reach: MysqlReach, queries: Readonly<Record<string, string>>): string {
  const asks = Object.entries(queries).map(
    ([key, sql]) =>
      `if provision_out=$(${mysqlCommand(reach, sql)} 2>&1); then provision_print ${key} "$provision_out"; else provision_print ${key}_fault "$provision_out"; fi`,
  );
  return `${printFunction}
${mysqlPlace(reach)}
[ -n "$provision_mysql" ] || { echo 'mysql no'; exit 0; }
${asks.join('\n')}`;
}
