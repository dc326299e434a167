import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRolePassword } from '../../../src/resources/databases/postgresql-password.ts';
import { postgresqlDb } from '../../../src/resources/postgresql-db.ts';
import { postgresqlUser } from '../../../src/resources/postgresql-user.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { appliedWith } from '../../helpers/resources/client-stand-ins.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// A psql that answers questions with a row and notes the statements that it gets; who logs in is in its environment.
const programs = {
  psql: `if [ -e "$FAKE/down" ]; then echo 'psql: error: no server' >&2; exit 2; fi
printf '%s %s\\n' "$PGUSER@$PGHOST:$PGPORT" "$*" >>"$FAKE/asked"
provision_sql=$(cat)
case $provision_sql in
*row_to_json*) cat "$FAKE/row" ;;
*) printf '%s\\n' "$provision_sql" | grep -v '^SET standard' >>"$FAKE/ran" ;;
esac`,
  pg_dump: `echo "pg_dump $*" >>"$FAKE/ran"; echo dump; exit "$(cat "$FAKE/code" 2>/dev/null || echo 0)"`,
  pg_restore: `echo "pg_restore $*" >>"$FAKE/ran"`,
};

async function applied(resource: AnyHostResource, args: object, row: object | undefined, code = 0) {
  const files = { row: row === undefined ? '' : JSON.stringify(row), code: String(code) };
  const { noted, ...seen } = await appliedWith(fresh(), { programs, files }, resource, args);
  return { ...seen, ran: noted('ran'), asked: noted('asked') };
}

const shop = {
  present: true,
  taken: false,
  owner: 'ann',
  encoding: 'UTF8',
  lc_collate: 'C',
  lc_ctype: 'C',
  conn_limit: -1,
  tablespace: 'pg_default',
  comment: null,
};
const none = { present: false, taken: false };

describe('a database', () => {
  test.each([
    [{ name: 'shop' }, shop, [], []],
    [{ name: 'shop', owner: 'ann', encoding: 'utf-8', conn_limit: '-1' }, shop, [], []],
    [
      {
        name: 'a"b',
        owner: 'ann',
        template: 'template0',
        encoding: 'UTF8',
        lc_collate: "C'",
        tablespace: 'fast',
        conn_limit: '3',
        comment: "it's",
      },
      none,
      ['database a"b: absent -> present'],
      [
        `CREATE DATABASE "a""b" OWNER "ann" TEMPLATE "template0" ENCODING 'UTF8' LC_COLLATE 'C''' TABLESPACE "fast" CONNECTION LIMIT 3;`,
        `COMMENT ON DATABASE "a""b" IS 'it''s';`,
      ],
    ],
    [
      { name: 'shop', owner: 'joe', conn_limit: '5', tablespace: 'fast', session_role: 'admin' },
      shop,
      ['owner: ann -> joe', 'conn_limit: -1 -> 5', 'tablespace: pg_default -> fast'],
      [
        'SET ROLE "admin";',
        'ALTER DATABASE "shop" OWNER TO "joe";',
        'ALTER DATABASE "shop" CONNECTION LIMIT 5;',
        'ALTER DATABASE "shop" SET TABLESPACE "fast";',
      ],
    ],
    [
      { name: 'shop', state: 'absent', force: true },
      shop,
      ['database shop: present -> absent'],
      ['DROP DATABASE "shop" WITH (FORCE);'],
    ],
    [{ name: 'shop', state: 'absent' }, none, [], []],
    [
      { name: 'shop', state: 'rename', target: 'new' },
      shop,
      ['name: shop -> new'],
      ['ALTER DATABASE "shop" RENAME TO "new";'],
    ],
    [{ name: 'shop', state: 'rename', target: 'new' }, { present: false, taken: true }, [], []],
    [
      { name: 'shop', state: 'dump', target: '@/x.tar', target_opts: '-n public' },
      shop,
      ['database shop: undefined -> dumped to @/x.tar'],
      ['pg_dump --format=t -n public -d shop -f @/x.tar'],
    ],
    [
      { name: 'shop', state: 'dump', target: '@/x.sql.gz' },
      shop,
      ['database shop: undefined -> dumped to @/x.sql.gz'],
      ['pg_dump -d shop'],
    ],
    [
      { name: 'shop', state: 'restore', target: '@/x.pgc' },
      shop,
      ['database shop: undefined -> restored from @/x.pgc'],
      ['pg_restore --format=c -d shop @/x.pgc'],
    ],
  ])('%j of %j', async (args, row, changes, ran) => {
    expect(await applied(postgresqlDb, args, row)).toMatchObject({ refused: [], changes, ran });
  });

  test('a dump that fails is a failure, also where it is compressed', async () => {
    const { codes } = await applied(
      postgresqlDb,
      { name: 'shop', state: 'dump', target: '@/x.sql.gz' },
      shop,
      1,
    );
    expect(codes).toEqual([1]);
  });

  test.each([
    [
      { name: 'shop', encoding: 'LATIN1' },
      'Changing database encoding is not supported. Current encoding: UTF8',
    ],
    [{ name: 'shop', lc_ctype: 'de_DE' }, 'Changing LC_CTYPE is not supported. Current LC_CTYPE: C'],
    [{ name: 'shop', state: 'dump' }, 'state=dump requires the "target" option'],
  ])('%j is refused', async (args, message) => {
    expect((await applied(postgresqlDb, args, shop)).refused).toEqual([message]);
  });
});

const md5 = (password: string) => `md5${createHash('md5').update(`${password}joe`).digest('hex')}`;
const joe = {
  rolsuper: false,
  rolcreaterole: false,
  rolcreatedb: true,
  rolinherit: true,
  rolcanlogin: true,
  rolreplication: false,
  rolbypassrls: false,
  rolconnlimit: -1,
  password: md5('old'),
  expires: null,
  lasting: true,
  comment: null,
  groups: ['staff'],
  settings: ['work_mem=64MB'],
};

describe('a role', () => {
  test.each([
    [
      { name: 'joe', password: 'old', role_attr_flags: 'CREATEDB,NOSUPERUSER,login', groups: ['staff'] },
      joe,
      [],
      [],
    ],
    [
      { name: 'joe', password: md5('old'), configuration: { work_mem: '64MB' }, expires: 'infinity' },
      joe,
      [],
      [],
    ],
    [{ name: 'joe', password: 'new', no_password_changes: true }, joe, [], []],
    [
      {
        name: 'joe',
        password: "it's \\",
        role_attr_flags: 'CREATEDB',
        conn_limit: 3,
        expires: 'Jan 1 2040',
        comment: 'c',
        groups: ['staff'],
        configuration: { work_mem: '1MB' },
      },
      undefined,
      [
        'role joe: absent -> present',
        'group staff: absent -> member',
        'configuration work_mem: unset -> 1MB',
      ],
      [
        `CREATE USER "joe" WITH CREATEDB PASSWORD 'it''s \\' CONNECTION LIMIT 3 VALID UNTIL 'Jan 1 2040';`,
        `COMMENT ON ROLE "joe" IS 'c';`,
        'GRANT "staff" TO "joe";',
        `ALTER ROLE "joe" SET work_mem = '1MB';`,
      ],
    ],
    [
      {
        name: 'joe',
        password: 'new',
        role_attr_flags: ['NOCREATEDB', 'CREATEROLE'],
        conn_limit: 3,
        reset_unspecified_configuration: true,
      },
      joe,
      [
        'password: another one -> set',
        'role_attr_flags: CREATEDB -> NOCREATEDB',
        'role_attr_flags: NOCREATEROLE -> CREATEROLE',
        'conn_limit: -1 -> 3',
        'configuration work_mem: 64MB -> unset',
      ],
      [
        `ALTER ROLE "joe" WITH NOCREATEDB CREATEROLE PASSWORD 'new' CONNECTION LIMIT 3;`,
        'ALTER ROLE "joe" RESET work_mem;',
      ],
    ],
    [
      { name: 'joe', password: '' },
      joe,
      ['password: another one -> unset'],
      ['ALTER ROLE "joe" WITH PASSWORD NULL;'],
    ],
    [
      { name: 'joe', expires: 'Jan 1 2040' },
      { ...joe, lasting: false },
      ['expires: infinity -> Jan 1 2040'],
      [`ALTER ROLE "joe" WITH VALID UNTIL 'Jan 1 2040';`],
    ],
    [{ name: 'joe', state: 'absent' }, joe, ['role joe: present -> absent'], ['DROP ROLE "joe";']],
    [{ name: 'joe', state: 'absent' }, undefined, [], []],
  ])('%j of %j', async (args, row, changes, ran) => {
    expect(await applied(postgresqlUser, args, row)).toMatchObject({ refused: [], changes, ran });
  });

  test('how the server is reached stands in the environment', async () => {
    const reach = {
      login_host: 'db',
      login_port: 6000,
      login_user: 'ann',
      login_password: 'secret',
      login_db: "x'y",
      connect_params: { application_name: 'a b' },
    };
    const { asked } = await applied(postgresqlUser, { name: 'joe', ...reach }, joe);
    expect(asked).toEqual([
      "ann@db:6000 -X -A -t -q -v ON_ERROR_STOP=1 -d dbname='x\\'y' application_name='a b' -f -",
    ]);
  });

  test('a server that does not answer is an error', async () => {
    const host = hostWith(join(fresh(), 'bin'), { psql: 'echo "psql: error: no server" >&2; exit 2' });
    expect((await host.plan(postgresqlUser, { name: 'joe' })).refused).toEqual([
      'unable to connect to database: psql: error: no server',
    ]);
    expect((await host.plan(postgresqlUser, { name: 'joe', priv: 'ALL' })).refused).toEqual([
      'priv is not supported: use command with psql, as in GRANT ... ON ... TO ...',
    ]);
  });
});

test('a password is told from what PostgreSQL wrote down', () => {
  // As a server writes down the password pencil: made with Python's hashlib.
  const written =
    'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$Y7KMtnzzL+zDqi0RtBNdAPJekq+PCg4eCcAMKDtLILQ=:c1MMj1kLUJb96FIM7IjzQUXiW2pIi8LDbQl55vL1oRo=';
  expect(isRolePassword('joe', 'pencil', written)).toBe(true);
  expect(isRolePassword('joe', 'pencils', written)).toBe(false);
  expect(isRolePassword('joe', 'old', md5('old'))).toBe(true);
  expect(isRolePassword('joe', 'old', md5('new'))).toBe(false);
  expect(isRolePassword('joe', written, written)).toBe(true);
  expect(isRolePassword('joe', 'old', undefined)).toBe(false);
});
