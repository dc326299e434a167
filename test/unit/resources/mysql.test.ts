import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGrants, readWishes } from '../../../src/resources/databases/mysql-grants.ts';
import { mysqlDb } from '../../../src/resources/mysql-db.ts';
import { mysqlUser } from '../../../src/resources/mysql-user.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { appliedWith } from '../../helpers/resources/client-stand-ins.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// A client that answers questions as files say, and notes its words and the statements that it gets.
const programs = {
  mysql: `provision_sql=$(cat)
echo "$MYSQL_PWD $*" >>"$FAKE/words"
case $provision_sql in
*schemata*) printf 'mysql\\nshop\\n' ;;
*'FROM mysql.user'*) cat "$FAKE/users" ;;
*'SELECT 1;'*) echo 1 ;;
*'SHOW GRANTS'*) cat "$FAKE/grants" ;;
*) printf '%s\\n' "$provision_sql" | grep -v NO_BACKSLASH >>"$FAKE/ran" ;;
esac`,
  mysqldump: `echo "mysqldump $*" >>"$FAKE/ran"; echo dump; exit "$(cat "$FAKE/code")"`,
};

interface Known {
  readonly users?: string;
  readonly grants?: string;
  readonly code?: number;
}

async function applied(
  resource: AnyHostResource,
  args: object,
  { users = '', grants = '', code = 0 }: Known = {},
) {
  const directory = fresh();
  const { noted, ...seen } = await appliedWith(
    directory,
    { programs, files: { users, grants, code: String(code) }, environment: { HOME: directory } },
    resource,
    args,
  );
  return { ...seen, ran: noted('ran'), words: noted('words') };
}

describe('databases', () => {
  test.each([
    [{ name: 'shop' }, [], []],
    [
      { name: ['shop', 'ne`w'], encoding: 'utf8mb4', collation: 'utf8mb4_bin' },
      ['database ne`w: absent -> present'],
      ["CREATE DATABASE `ne``w` CHARACTER SET 'utf8mb4' COLLATE 'utf8mb4_bin';"],
    ],
    [{ name: 'shop', state: 'absent' }, ['database shop: present -> absent'], ['DROP DATABASE `shop`;']],
    [{ name: 'none', state: 'absent' }, [], []],
    [
      {
        name: 'shop',
        state: 'dump',
        target: '@/x.sql.gz',
        single_transaction: true,
        ignore_tables: ['shop.log'],
        dump_extra_args: '--a "b c"',
      },
      ['database shop: undefined -> dumped to @/x.sql.gz'],
      ['mysqldump --quick --single-transaction=true --ignore-table=shop.log --a b c --databases shop'],
    ],
    [
      { name: 'all', state: 'dump', target: '@/x.sql', quick: false },
      ['database all: undefined -> dumped to @/x.sql'],
      ['mysqldump --all-databases'],
    ],
  ])('%j', async (args, changes, ran) => {
    expect(await applied(mysqlDb, args)).toMatchObject({ refused: [], changes, ran });
  });

  test('a dump that fails is a failure, also where it is compressed', async () => {
    const args = { name: 'shop', state: 'dump', target: '@/x.sql.gz' };
    expect((await applied(mysqlDb, args, { code: 2 })).codes).toEqual([1]);
  });

  test('how the server is reached: the password is in no word', async () => {
    const reach = { login_user: 'ann', login_password: "it's", login_host: 'db', login_port: 3307 };
    expect((await applied(mysqlDb, { name: 'shop', ...reach })).words).toEqual([
      "it's --user=ann --host=db --port=3307 --connect-timeout=30 --batch --skip-column-names --default-character-set=utf8mb4",
    ]);
  });

  test.each([
    [{ name: 'all' }, 'name is not allowed to equal "all" unless state equals import or dump.'],
    [{ name: 'shop', state: 'dump' }, 'with state=dump target is required'],
    [{ name: 'none', state: 'dump', target: '/x' }, "Cannot dump database(s) 'none' - not found"],
  ])('%j is refused', async (args, message) => {
    expect((await applied(mysqlDb, args)).refused).toEqual([message]);
  });
});

const hash = '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19';
const joe = {
  users: `localhost\t${hash}\n`,
  grants:
    "GRANT USAGE ON *.* TO `joe`@`localhost` IDENTIFIED BY PASSWORD '*24'\nGRANT SELECT, INSERT ON `shop`.* TO `joe`@`localhost` WITH GRANT OPTION\n",
};

describe('a user', () => {
  test.each([
    [{ name: 'joe', password: 'password', priv: 'shop.*:INSERT,SELECT,GRANT' }, joe, [], []],
    [{ name: 'joe', encrypted: true, password: hash.toLowerCase() }, joe, [], []],
    [{ name: 'joe', password: 'new', update_password: 'on_create' }, joe, [], []],
    [
      { name: "jo'e", host: '%', password: "it's \\", priv: 'shop.*:SELECT,UPDATE(a,b)/*.*:ALL,GRANT' },
      {},
      [
        "user jo'e@%: absent -> present",
        'rights on `shop`.*: none -> SELECT, UPDATE (A, B)',
        'rights on *.*: none -> ALL, GRANT',
      ],
      [
        "CREATE USER 'jo''e'@'%' IDENTIFIED BY 'it''s \\';",
        "GRANT SELECT, UPDATE (A, B) ON `shop`.* TO 'jo''e'@'%';",
        "GRANT ALL PRIVILEGES ON *.* TO 'jo''e'@'%' WITH GRANT OPTION;",
      ],
    ],
    [
      { name: 'joe', password: 'new', priv: { 'shop.*': 'SELECT', 'other.t': ['DELETE'] } },
      joe,
      [
        'password of joe@localhost: another one -> set',
        'rights on `shop`.*: GRANT, INSERT, SELECT -> SELECT',
        'rights on `other`.`t`: none -> DELETE',
      ],
      [
        "ALTER USER 'joe'@'localhost' IDENTIFIED BY 'new';",
        "REVOKE INSERT ON `shop`.* FROM 'joe'@'localhost';",
        "REVOKE GRANT OPTION ON `shop`.* FROM 'joe'@'localhost';",
        "GRANT SELECT ON `shop`.* TO 'joe'@'localhost';",
        "GRANT DELETE ON `other`.`t` TO 'joe'@'localhost';",
      ],
    ],
    [
      { name: 'joe', priv: 'shop.*:UPDATE', append_privs: true },
      joe,
      ['rights on `shop`.*: GRANT, INSERT, SELECT -> GRANT, INSERT, SELECT, UPDATE'],
      ["GRANT UPDATE ON `shop`.* TO 'joe'@'localhost';"],
    ],
    [
      { name: 'joe', priv: 'shop.*:INSERT,UPDATE', subtract_privs: true },
      joe,
      ['rights on `shop`.*: GRANT, INSERT, SELECT -> GRANT, SELECT'],
      ["REVOKE INSERT ON `shop`.* FROM 'joe'@'localhost';"],
    ],
    [
      { name: 'joe', state: 'absent', host_all: true },
      { users: 'a\t\nb\t\n' },
      ['user joe@a: present -> absent', 'user joe@b: present -> absent'],
      ["DROP USER 'joe'@'a';", "DROP USER 'joe'@'b';"],
    ],
    [{ name: 'joe', state: 'absent' }, {}, [], []],
  ])('%j', async (args, known, changes, ran) => {
    expect(await applied(mysqlUser, args, known)).toMatchObject({ refused: [], changes, ran });
  });

  test.each([
    [{ name: 'joe', plugin: 'ed25519' }, 'plugin: not supported, use command with mysql'],
    [
      { name: 'joe', encrypted: true, password: 'x' },
      'encrypted: true wants * and 40 hexadecimal digits as the password',
    ],
    [
      { name: 'joe', append_privs: true, subtract_privs: true },
      'parameters are mutually exclusive: append_privs|subtract_privs',
    ],
  ])('%j is refused', async (args, message) => {
    expect((await applied(mysqlUser, args)).refused).toEqual([message]);
  });

  test('of an error no statement is shown, which has a password in it', async () => {
    const host = hostWith(join(fresh(), 'bin'), {
      mysql: `case $(cat) in *CREATE*) printf -- '--------------\\nCREATE USER secret\\n--------------\\nERROR 1 (1): no\\n'; exit 1 ;; esac`,
    });
    const { outputs } = await host.apply(mysqlUser, { name: 'joe', password: 'secret' });
    expect(outputs).toEqual([expect.objectContaining({ code: 1, stdout: '', stderr: 'ERROR 1 (1): no\n' })]);
  });
});

test('rights are read alike, as they are wanted and as the server shows them', () => {
  const wanted = readWishes('`a.b`.t:select , insert(x, y)/FUNCTION db.f:EXECUTE/*.*:ALL PRIVILEGES');
  const shown = readGrants([
    'GRANT SELECT, INSERT (x, y) ON `a.b`.`t` TO `joe`@`%`',
    'GRANT EXECUTE ON FUNCTION `db`.`f` TO `joe`@`%`',
    'GRANT ALL PRIVILEGES ON *.* TO `joe`@`%`',
  ]);
  expect(new Map([...wanted].sort())).toEqual(new Map([...shown].sort()));
});
