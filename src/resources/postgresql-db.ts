import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { splitWords } from './commands/word-split.ts';
import {
  nameArgument,
  postgresqlAliases,
  postgresqlArguments,
  postgresqlName,
  postgresqlPlace,
  postgresqlQuestion,
  psql,
  readRow,
  sqlName,
  sqlText,
} from './databases/postgresql-client.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({ pattern: postgresqlName, description: 'the database' }),
    state: Type.Optional(
      Type.Enum(['absent', 'dump', 'present', 'rename', 'restore'], {
        default: 'present',
        description: 'dump and restore do it each time; rename gives it the name of `target`',
      }),
    ),
    owner: nameArgument('whose it is'),
    template: nameArgument('what a new one is a copy of'),
    encoding: nameArgument('encoding of a new one'),
    lc_collate: nameArgument('its order of texts'),
    lc_ctype: nameArgument('its kinds of characters'),
    icu_locale: nameArgument('its locale of ICU'),
    locale_provider: Type.Optional(
      Type.Enum(['icu', 'libc', 'builtin'], { description: 'what its locale comes from' }),
    ),
    conn_limit: Type.Optional(Type.String({ pattern: '^-?\\d+$', description: 'how many may be connected' })),
    tablespace: nameArgument('where it lies'),
    comment: Type.Optional(Type.String({ description: 'what is said of it' })),
    target: Type.Optional(
      Type.String({
        pattern: postgresqlName,
        description: 'file of the host for dump and restore; the new name for rename',
      }),
    ),
    target_opts: Type.Optional(Type.String({ description: 'further words for dump and restore' })),
    dump_extra_args: Type.Optional(Type.String({ description: 'further words for dump' })),
    force: Type.Optional(
      Type.Boolean({ default: false, description: 'with absent: whoever is connected is cut off' }),
    ),
    maintenance_db: Type.Optional(
      Type.String({
        pattern: postgresqlName,
        default: 'postgres',
        description: 'database that is connected with',
      }),
    ),
    ...postgresqlArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly psql: boolean;
  readonly fault: string | undefined;
  readonly row: { readonly [name: string]: unknown } | undefined;
  /** The database that `rename` would make is there. */
  readonly taken: boolean;
}

const columns = `pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS lc_collate,
d.datctype AS lc_ctype, d.datconnlimit AS conn_limit, t.spcname AS tablespace, shobj_description(d.oid, 'pg_database') AS comment`;

function question(want: Arguments): string {
  const is = (one: string) => `EXISTS (SELECT 1 FROM pg_database WHERE datname = ${sqlText(one)})`;
  const taken = want.state === 'rename' ? is(want.target ?? '') : 'false';
  const query = `SELECT ${is(want.name)} AS present, ${taken} AS taken, own.* FROM (SELECT 1) AS one LEFT JOIN (SELECT ${columns} FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = ${sqlText(want.name)}) AS own ON true`;
  return postgresqlQuestion(want, want.maintenance_db ?? 'postgres', [query]);
}

// Names of encodings are written in several ways: UTF8, utf-8.
function plainEncoding(encoding: string): string {
  return encoding.toUpperCase().replaceAll(/[-_]/g, '');
}

function fixed(want: Arguments, row: NonNullable<State['row']>): string | undefined {
  const pairs = [
    ['encoding', want.encoding, plainEncoding],
    ['LC_COLLATE', want.lc_collate, String],
    ['LC_CTYPE', want.lc_ctype, String],
  ] as const;
  for (const [what, wanted, settle] of pairs) {
    const have = String(row[what.toLowerCase()] ?? '');
    if (wanted !== undefined && settle(wanted) !== settle(have))
      return `Changing ${what === 'encoding' ? 'database encoding' : what} is not supported. Current ${what}: ${have}`;
  }
  return undefined;
}

function createSql(want: Arguments): string {
  const clause = (word: string, value: string | undefined, show: (value: string) => string) =>
    value === undefined || value === '' ? [] : [`${word} ${show(value)}`];
  return [
    `CREATE DATABASE ${sqlName(want.name)}`,
    ...clause('OWNER', want.owner, sqlName),
    ...clause('TEMPLATE', want.template, sqlName),
    ...clause('ENCODING', want.encoding, sqlText),
    ...clause('LC_COLLATE', want.lc_collate, sqlText),
    ...clause('LC_CTYPE', want.lc_ctype, sqlText),
    ...clause('LOCALE_PROVIDER', want.locale_provider, (value) => value),
    ...clause('ICU_LOCALE', want.icu_locale, sqlText),
    ...clause('TABLESPACE', want.tablespace, sqlName),
    ...clause('CONNECTION LIMIT', want.conn_limit, (value) => value),
  ].join(' ');
}

function statements(want: Arguments, changes: readonly Change[]): readonly string[] {
  const own = sqlName(want.name);
  const comment = `COMMENT ON DATABASE ${own} IS ${sqlText(want.comment ?? '')}`;
  return changes.flatMap(({ attribute, from, to = '' }): readonly string[] => {
    if (attribute === 'owner') return [`ALTER DATABASE ${own} OWNER TO ${sqlName(to)}`];
    if (attribute === 'conn_limit') return [`ALTER DATABASE ${own} CONNECTION LIMIT ${to}`];
    if (attribute === 'tablespace') return [`ALTER DATABASE ${own} SET TABLESPACE ${sqlName(to)}`];
    if (attribute === 'comment') return [comment];
    if (attribute === 'name') return [`ALTER DATABASE ${own} RENAME TO ${sqlName(to)}`];
    if (from === 'absent') return [createSql(want), ...(want.comment ? [comment] : [])];
    return [`DROP DATABASE ${own}${want.force ? ' WITH (FORCE)' : ''}`];
  });
}

const compressors: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' };

function copyCode(want: Arguments): string {
  const { target = '', state } = want;
  const ending = target.split('.').at(-1) ?? '';
  const compressor = compressors[ending];
  const file = quote(target);
  const words = (extra: string | undefined) =>
    (splitWords(extra ?? '') ?? []).map((one) => ` ${quote(one)}`).join('');
  const more = words(want.target_opts);
  const format = { tar: 't', pgc: 'c', dir: 'd' }[ending];
  const own = quote(want.name);
  if (state === 'dump') {
    const dump = `pg_dump${format === undefined ? '' : ` --format=${format}`}${words(want.dump_extra_args)}${more} -d ${own}`;
    if (compressor === undefined) return `${dump} -f ${file}`;
    // The status of pg_dump counts, not that of what compresses.
    return `provision_code=$( { { ${dump}; echo $? >&3; } | ${compressor} >${file}; } 3>&1 ); [ "$provision_code" = 0 ]`;
  }
  if (format !== undefined) return `pg_restore --format=${format}${more} -d ${own} ${file}`;
  const load = `psql -X -q -v ON_ERROR_STOP=1${more} -d ${own}`;
  return compressor === undefined ? `${load} -f ${file}` : `${compressor} -dc <${file} | ${load} -f -`;
}

/** A database of PostgreSQL. */
export const postgresqlDb: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'postgresql_db',
  summary: 'Make, alter, dump, restore, rename or remove a database of PostgreSQL',
  schema,
  argumentAliases: { name: ['db'], ...postgresqlAliases },
  effect: 'opaque',
  repeats: ({ state }) => state === 'dump' || state === 'restore',
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, `the database ${want.name}`);
        const row = readRow(answer.bytes('row')?.toString());
        return {
          psql: answer.get('psql') !== 'no',
          fault: answer.bytes('fault')?.toString().trim(),
          row: row?.present === true ? row : undefined,
          taken: row?.taken === true,
        };
      },
    }),
  refuse(want, have) {
    const { state = 'present', target } = want;
    if (!have.psql) return ['the host has no psql; install it first, as with the package postgresql-client'];
    if (have.fault !== undefined) return [`unable to connect to database: ${have.fault}`];
    if (['dump', 'restore', 'rename'].includes(state) && target === undefined)
      return [`state=${state} requires the "target" option`];
    if (['dump', 'restore'].includes(state) && !have.row)
      return [`Cannot ${state} database ${want.name}: it does not exist`];
    if (state === 'rename') {
      if (have.row && have.taken) return [`Both the source and the target databases exist.`];
      return have.row || have.taken
        ? []
        : [`The source database "${want.name}" and the target database "${target}" do not exist`];
    }
    const fault = state === 'present' && have.row ? fixed(want, have.row) : undefined;
    return fault === undefined ? [] : [fault];
  },
  diff(want, { row }) {
    const { state = 'present' } = want;
    const attribute = `database ${want.name}`;
    if (state === 'absent') return row ? [{ attribute, from: 'present', to: 'absent' }] : [];
    if (state === 'rename') return row ? [{ attribute: 'name', from: want.name, to: want.target ?? '' }] : [];
    if (state === 'dump') return [{ attribute, to: `dumped to ${want.target}` }];
    if (state === 'restore') return [{ attribute, to: `restored from ${want.target}` }];
    if (!row) return [{ attribute, from: 'absent', to: 'present' }];
    const compare = (key: 'owner' | 'conn_limit' | 'tablespace' | 'comment'): readonly Change[] => {
      const have = String(row[key] ?? '');
      const wanted = want[key];
      return wanted === undefined || (wanted === '' && key !== 'comment') || wanted === have
        ? []
        : [{ attribute: key, from: have || 'unset', to: wanted }];
    };
    return [...compare('owner'), ...compare('conn_limit'), ...compare('tablespace'), ...compare('comment')];
  },
  steps(want, changes) {
    if (changes.length === 0) return [];
    const { state = 'present' } = want;
    const place = postgresqlPlace(want);
    if (state === 'dump' || state === 'restore')
      return [{ kind: 'script', script: `${place}\n${copyCode(want)}` }];
    // Each by itself: a database is not made inside of a transaction.
    const sql = statements(want, changes)
      .map((one) => `${one};`)
      .join('\n');
    return [{ kind: 'script', script: `${place}\n${psql(want, want.maintenance_db ?? 'postgres', sql)}` }];
  },
  result: (want, _have, _outputs, before) => ({
    db: want.name,
    executed_commands:
      before && !['dump', 'restore'].includes(want.state ?? 'present')
        ? [...statements(want, postgresqlDb.diff(want, before))]
        : [],
  }),
};
