import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { expandedOnHost, hostPath } from './argument-schemas.ts';
import { splitWords } from './commands/word-split.ts';
import {
  mysqlAliases,
  mysqlArguments,
  mysqlCommand,
  mysqlName,
  mysqlPlace,
  mysqlQuestion,
  mysqlText,
} from './databases/mysql-client.ts';
import type { HostResource } from './resource.ts';

const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));
const word = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_]*$', default: '', description }));

const schema = Type.Object(
  {
    name: Type.Array(Type.String({ pattern: '^[^\\u0000\\n]+$' }), {
      minItems: 1,
      description: 'the databases; all, with dump and import, is every one',
    }),
    state: Type.Optional(
      Type.Enum(['absent', 'dump', 'import', 'present'], {
        default: 'present',
        description: 'dump and import do it each time',
      }),
    ),
    collation: word('order of texts of a new one'),
    encoding: word('characters of a new one'),
    target: Type.Optional(
      Type.String({
        ...expandedOnHost,
        pattern: '^[/~$]',
        description: 'file of the host for dump and import, maybe .gz, .bz2, .xz',
      }),
    ),
    single_transaction: flag('dump: in one transaction'),
    quick: flag('dump: row by row', true),
    ignore_tables: Type.Optional(Type.Array(Type.String(), { description: 'dump: without these' })),
    hex_blob: flag('dump: bytes as digits'),
    force: flag('dump and import: go on after errors'),
    master_data: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 2, default: 0, description: 'dump: with the place in the log' }),
    ),
    skip_lock_tables: flag('dump: tables are not locked'),
    dump_extra_args: Type.Optional(Type.String({ description: 'dump: further words' })),
    use_shell: flag('accepted'),
    pipefail: flag('accepted: a failed dump is a failure in any case'),
    unsafe_login_password: flag('accepted'),
    restrict_config_file: flag('accepted'),
    config_overrides_defaults: flag('accepted'),
    chdir: Type.Optional(hostPath('directory to work in')),
    sql_log_bin: flag('import: changes are logged', true),
    ...mysqlArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly mysql: boolean;
  readonly fault: string | undefined;
  readonly present: readonly string[];
}

const compressors: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' };

function names({ name }: Arguments): readonly string[] {
  return name
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter(Boolean);
}

function isAll(want: Arguments): boolean {
  return names(want).length === 1 && names(want)[0] === 'all';
}

function copyCode(want: Arguments): string {
  const { target = '' } = want;
  const file = quote(target);
  const compressor = compressors[target.split('.').at(-1) ?? ''];
  const place = want.chdir === undefined ? '' : `cd -- ${quote(want.chdir)} || exit 1\n`;
  if (want.state === 'import') {
    const force = want.force ? ' --force' : '';
    const before = want.sql_log_bin === false ? ` --init-command=${quote('SET SESSION sql_log_bin=0')}` : '';
    const one = isAll(want) ? '' : ` --one-database ${quote(names(want)[0] ?? '')}`;
    const load = `provision_mysql "$provision_mysql"${force}${before}${one}`;
    return `${place}${compressor === undefined ? `${load} <${file}` : `${compressor} -dc <${file} | ${load}`}`;
  }
  const words = [
    ...(want.quick === false ? [] : ['--quick']),
    ...(want.single_transaction ? ['--single-transaction=true'] : []),
    ...(want.force ? ['--force'] : []),
    ...(want.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(want.hex_blob ? ['--hex-blob'] : []),
    ...(want.master_data ? [`--master-data=${want.master_data}`] : []),
    ...(want.ignore_tables ?? []).map((one) => `--ignore-table=${one}`),
    ...(splitWords(want.dump_extra_args ?? '') ?? []),
    ...(isAll(want) ? ['--all-databases'] : ['--databases', ...names(want)]),
  ];
  const dump = `provision_mysql "$provision_mysqldump" ${words.map(quote).join(' ')}`;
  if (compressor === undefined) return `${place}${dump} >${file}`;
  return `${place}provision_code=$( { { ${dump}; echo $? >&3; } | ${compressor} >${file}; } 3>&1 ); [ "$provision_code" = 0 ]`;
}

/** A database of MySQL or MariaDB. */
export const mysqlDb: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'mysql_db',
  summary: 'Make, dump, fill or remove databases of MySQL or MariaDB',
  schema,
  argumentAliases: { name: ['db'], ...mysqlAliases },
  effect: 'opaque',
  repeats: ({ state }) => state === 'dump' || state === 'import',
  probe: (want) =>
    scriptProbe({
      script: mysqlQuestion(want, { databases: 'SELECT schema_name FROM information_schema.schemata;' }),
      parse(output) {
        const answer = new Answer(output, 'the databases');
        return {
          mysql: answer.get('mysql') !== 'no',
          fault: answer.bytes('databases_fault')?.toString().trim(),
          present: answer.bytes('databases')?.toString().split('\n').filter(Boolean) ?? [],
        };
      },
    }),
  refuse(want, have) {
    const { state = 'present', target } = want;
    if (!have.mysql) return ['the host has no mysql; install it first, as with the package mariadb-client'];
    if (have.fault !== undefined) return [`unable to find the server, or to log in: ${have.fault}`];
    const copies = state === 'dump' || state === 'import';
    if (copies && target === undefined) return [`with state=${state} target is required`];
    if (state === 'import' && names(want).length > 1)
      return ['Multiple databases are not supported with state=import'];
    if (isAll(want))
      return copies ? [] : ['name is not allowed to equal "all" unless state equals import or dump.'];
    const missing = names(want).filter((one) => !have.present.includes(one));
    return state === 'dump' && missing.length > 0
      ? [`Cannot dump database(s) '${missing.join(', ')}' - not found`]
      : [];
  },
  diff(want, have) {
    const { state = 'present', target } = want;
    if (state === 'dump' || state === 'import')
      return [
        {
          attribute: `database ${names(want).join(' ')}`,
          to: state === 'dump' ? `dumped to ${target}` : `filled from ${target}`,
        },
      ];
    return names(want).flatMap((one) => {
      const there = have.present.includes(one);
      if (there === (state === 'present')) return [];
      return [{ attribute: `database ${one}`, from: there ? 'present' : 'absent', to: state }];
    });
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const { state = 'present', encoding, collation } = want;
    const place = mysqlPlace(want);
    const differing = names(want).filter((one) => have.present.includes(one) !== (state === 'present'));
    const kind = [
      ...(encoding ? [`CHARACTER SET ${mysqlText(encoding)}`] : []),
      ...(collation ? [`COLLATE ${mysqlText(collation)}`] : []),
    ];
    const create = (one: string) => `${['CREATE DATABASE', mysqlName(one), ...kind].join(' ')};`;
    if (state === 'present' || state === 'absent') {
      const sql = differing.map((one) =>
        state === 'present' ? create(one) : `DROP DATABASE ${mysqlName(one)};`,
      );
      return [{ kind: 'script', script: `${place}\n${mysqlCommand(want, sql.join('\n'))}` }];
    }
    // As Ansible: what is filled is made first.
    const first = state === 'import' && !isAll(want) && !have.present.includes(names(want)[0] ?? '');
    const before = first ? `${mysqlCommand(want, create(names(want)[0] ?? ''))} || exit 1\n` : '';
    return [{ kind: 'script', script: `${place}\n${before}${copyCode(want)}` }];
  },
  result: (want) => ({ db: names(want).join(' '), db_list: [...names(want)] }),
};
