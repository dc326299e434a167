import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { expect, test, vi } from 'vitest';
import { evaluateExpression } from '../../../src/jinja/template/template.ts';
import { TemplateError } from '../../../src/jinja/values/template-error.ts';
import { environment } from '../../helpers/jinja/environment.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();
const files: Readonly<Record<string, string>> = {
  'a.ini': '; first\n[global]\nUser = root\nlong = one\n  two\n[db]\nuser: pg\nport=5432\n',
  'a.properties': 'user.name=me\nhost: here\n',
  'a.csv': 'h,Hydrogen,"1,0"\nhe,Helium,"say ""x"""\n',
  'a.tsv': 'li\tLithium\t3\n',
};

function here(secrets = new Map<string, string>()) {
  return {
    ...environment({ word: 'w' }),
    file: (name: string) => files[name] ?? '',
    render: (name: string, variables: object, settings: object) =>
      `${name} ${JSON.stringify(variables)} ${JSON.stringify(settings)}`,
    secret(name: string, make: (known: string | undefined) => string) {
      const content = make(secrets.get(name));
      secrets.set(name, content);
      return content;
    },
    command: (command: string) => `of ${command}\nsecond\n`,
  };
}

test.each<[string, unknown]>([
  ["lookup('ini', 'user', file='a.ini')", 'root'],
  ["lookup('ini', 'user section=db file=a.ini')", 'pg'],
  ["lookup('ini', 'long', file='a.ini')", 'one\ntwo'],
  ["lookup('ini', 'none', file='a.ini', default='d')", 'd'],
  ["lookup('ansible.builtin.ini', '.*r.*', section='db', file='a.ini', re=true)", 'pg,5432'],
  ["lookup('ini', 'user.name', type='properties', file='a.properties')", 'me'],
  ["lookup('ini', 'User', file='a.ini', case_sensitive=true)", 'root'],
  ["lookup('csvfile', 'he file=a.csv delimiter=,')", 'Helium'],
  ["lookup('csvfile', 'he', file='a.csv', delimiter=',', col=2)", 'say "x"'],
  ["lookup('csvfile', 'h', file='a.csv', delimiter=',', col='2')", '1,0'],
  ["lookup('csvfile', 'li', file='a.tsv')", 'Lithium'],
  ["lookup('csvfile', 'x', file='a.tsv', default='none')", 'none'],
  ["query('csvfile', 'x', file='a.tsv')", []],
  [
    "lookup('template', 't.j2', template_vars={'a': 1}, variable_start_string='[[')",
    't.j2 {"a":1} {"variable_start_string":"[["}',
  ],
  ["query('template', 'a', 'b')", ['a {} {}', 'b {} {}']],
])('%s', (expression, value) => {
  expect(evaluateExpression(expression, here())).toEqual(value);
});

test.each<[string, boolean]>([
  ["'https://a/b' is url", true],
  ["'x y' is url", false],
  ["'https:///b' is url", false],
  ["'https://a' is url(['http', 'ftp'])", false],
  ["'urn:a:b' is urn", true],
  ["'https://a' is urn", false],
  ["'x y' is uri", true],
  ["'ftp://a' is uri(['ftp'])", true],
  ["'NaN' is isnan", true],
  ['1 is isnan', false],
])('%s: %s', (expression, holds) => {
  expect(evaluateExpression(expression, here())).toBe(holds);
});

test('a password is made once, of the characters that are wanted', () => {
  const secrets = new Map<string, string>();
  const value = (expression: string) => String(evaluateExpression(expression, here(secrets)));
  const made = value("lookup('password', 'p length=12 chars=digits,x')");
  expect(made).toMatch(/^[0-9x]{12}$/);
  expect(value("lookup('password', 'p')")).toBe(made);
  expect(value("lookup('password', 'q', length=7, chars=['ascii_lowercase', ','])")).toMatch(/^[a-z,]{7}$/);
  expect(value("lookup('password', 'd')")).toMatch(/^[A-Za-z0-9.,:_-]{20}$/);
  const hashed = value("lookup('password', 'p encrypt=sha512_crypt')");
  expect(secrets.get('p')).toMatch(new RegExp(`^${made} salt=[./0-9A-Za-z]{16}$`));
  expect(value("lookup('password', 'p encrypt=sha512_crypt')")).toBe(hashed);
  expect(value("lookup('password', 'p')")).toBe(made);
  const salt = secrets.get('p')?.split('=')[1] ?? '';
  expect(hashed).toBe(evaluateExpression(`'${made}' | password_hash('sha512', '${salt}')`, here()));
});

// What crypt(3) makes of the same.
test.each([
  [
    "'a' | password_hash('sha512', 'abcd')",
    '$6$abcd$ozz0tkbzmUHudY1hl2hFO4WBBBulZZuUXw3XyuxZTwWXox4Hszj7nPeVyYT1K2dksYnL3qCjaetwwZ4otddvy.',
  ],
  [
    "'Hello world!' | password_hash('sha512', 'saltstring', rounds=10000)",
    '$6$rounds=10000$saltstring$buk9gc9MDdd3Z11.ZzxK8sKnFNbxNdTnCf.XHjjiTHcgFuFgkKvBQPLIaUn4Ixl3TLN8ZgCk52MPgbWjATwhH0',
  ],
  [
    "'Hello world!' | password_hash('sha256', 'saltstring')",
    '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5',
  ],
  [
    "'ä long password that is longer than thirty two bytes, truly' | password_hash('sha256', '0123456789abcdef')",
    '$5$0123456789abcdef$RNBSYCHQt/acsAkQCNPctr85zk2MIukIQAa8/8bN3r9',
  ],
])('%s', (expression, value) => {
  expect(evaluateExpression(expression, here())).toBe(value);
});

test('a salt that is drawn stays for the run', () => {
  const expression = "'pw' | password_hash";
  expect(evaluateExpression(expression, here())).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
  expect(evaluateExpression(expression, here())).toBe(evaluateExpression(expression, here()));
});

test('commands run only where that is allowed', () => {
  expect(() => evaluateExpression("lookup('pipe', 'x')", here())).toThrow(/is not allowed/);
  vi.stubEnv('PROVISION_LOOKUP_PIPE', 'allow');
  expect(evaluateExpression("lookup('pipe', 'x')", here())).toBe('of x\nsecond');
  expect(evaluateExpression("query('lines', 'x')", here())).toEqual(['of x', 'second']);
});

test('paths of this machine', () => {
  const directory = fresh();
  mkdirSync(`${directory}/d`);
  writeFileSync(`${directory}/f.txt`, '');
  symlinkSync('d', `${directory}/l`);
  const value = (expression: string) => evaluateExpression(expression, environment({ at: directory }));
  expect(value("(at ~ '/l/../l/none') | realpath")).toBe(`${directory}/d/none`);
  expect(value("(at ~ '/*') | fileglob")).toEqual([`${directory}/f.txt`]);
  expect(value("'~/x' | expanduser")).toBe(`${homedir()}/x`);
  const tests = ['file', 'directory', 'link', 'exists', 'link_exists', 'is_abs', 'mount'];
  const of = (name: string) => tests.filter((test) => value(`(at ~ '/${name}') is ${test}`));
  expect(of('f.txt')).toEqual(['file', 'exists', 'link_exists', 'is_abs']);
  expect(of('l')).toEqual(['directory', 'link', 'exists', 'link_exists', 'is_abs']);
  expect(of('none')).toEqual(['is_abs']);
  expect(value("'/' is mount")).toBe(true);
  expect(value("(at ~ '/l') is same_file(at ~ '/d')")).toBe(true);
  vi.stubEnv('WORD', 'x');
  expect(value("'$WORD ${WORD} $NOPE_' | expandvars")).toBe('x x $NOPE_');
});

test.each<[string, unknown]>([
  ["'c:\\w\\x.txt' | win_basename", 'x.txt'],
  ["'c:\\w\\x.txt' | win_dirname", 'c:\\w'],
  ["'c:\\w' | win_splitdrive", ['c:', '\\w']],
])('%s', (expression, value) => {
  expect(evaluateExpression(expression, environment())).toEqual(value);
});

test.each([
  ["lookup('password', 'p seed=x')", /takes no seed/],
  ["'x' | password_hash('blowfish')", /not hashed with 'blowfish'/],
  ["'x' | password_hash('sha512', 'a b')", /a salt has/],
  ["lookup('ini', 'a', section='zz', file='a.ini')", /no section 'zz'/],
  ["undef(hint='say so') | string", /say so/],
])('%s fails', (expression, message) => {
  expect(() => evaluateExpression(expression, here())).toThrow(TemplateError);
  expect(() => evaluateExpression(expression, here())).toThrow(message);
});

test.each(['template', 'password', 'ini', 'csvfile'])('%s needs files', (name) => {
  expect(() => evaluateExpression(`lookup('${name}', 'x')`, environment())).toThrow(/cannot be used here/);
});
