import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askedOnce } from '../../../src/planner/asked.ts';
import { copy } from '../../../src/resources/copy.ts';
import { backupScript } from '../../../src/resources/files/backup.ts';
import { template } from '../../../src/resources/template.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, probeScript, ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);
const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n-----END OPENSSH PRIVATE KEY-----\n';

test('a new file: state, mode, owner and the whole text', async () => {
  const directory = fresh();
  const { changes, result } = await machine.apply(copy, {
    dest: `${directory}/a`,
    content: 'hi\n',
    mode: '0600',
    owner: process.getuid?.() ?? 0,
  });
  expect(changes).toEqual([
    {
      attribute: 'state',
      from: 'absent',
      to: 'file',
      text: { path: `${directory}/a`, before: '', after: 'hi\n' },
    },
    { attribute: 'owner', to: String(process.getuid?.()) },
    { attribute: 'mode', to: '0600' },
  ]);
  expect(result).toMatchObject({
    dest: `${directory}/a`,
    mode: '0600',
    checksum: '55ca6286e3e4f4fba5d0448333fa99fc5a404a73',
    size: 3,
    state: 'file',
  });
  expect(mode(`${directory}/a`)).toBe('600');
});

test('a new file with a private key in it is for its owner alone when no mode is said', async () => {
  const path = `${fresh()}/key`;
  const { changes, result } = await machine.apply(copy, { dest: path, content: key });
  expect(changes).toEqual([
    { attribute: 'state', from: 'absent', to: 'file' },
    { attribute: 'mode', to: '0600' },
  ]);
  expect([mode(path), result.mode]).toEqual(['600', '0600']);
  expect((await machine.plan(copy, { dest: path, content: key })).changes).toEqual([]);
});

test('a changed file: old and new text, the mode stays when none is said', async () => {
  const directory = fresh();
  const path = `${directory}/a`;
  writeFileSync(path, 'old\n');
  chmodSync(path, 0o750);
  const { changes } = await machine.apply(copy, { dest: path, content: 'new\n' });
  expect(changes).toMatchObject([{ attribute: 'content', text: { before: 'old\n', after: 'new\n' } }]);
  expect(mode(path)).toBe('750');
});

test('old contents do not travel when no diff will be shown', async () => {
  const path = `${fresh()}/a`;
  writeFileSync(path, 'old\n');
  const args = prepared(copy, { dest: path, content: 'new\n' });
  const script = probeScript(copy.probe(args as never, { contents: false }));
  expect((await machine.run(script)).stdout).not.toContain(Buffer.from('old\n').toString('base64'));
  const have = await machine.look(copy, args, { contents: false });
  expect(copy.diff(args as never, have as never)).toMatchObject([{ attribute: 'content' }]);
  expect(copy.diff(args as never, have as never)[0]?.text).toBeUndefined();
});

test('two tasks that want the same file ask once', () => {
  const args = () => prepared(copy, { dest: '/etc/a', content: 'new\n' }) as never;
  const asks = [args(), args()].flatMap((want) => copy.probe(want, { contents: true }).asks);
  const question = { key: '', become: undefined, asks, paths: [] };
  expect(askedOnce([question])).toHaveLength(1);
});

test.each([
  ['old', key, 'new\n'],
  ['new', 'old\n', key],
])('the %s content being a key, neither is shown nor fetched', async (_which, before, after) => {
  const path = `${fresh()}/a`;
  writeFileSync(path, before);
  const args = prepared(copy, { dest: path, content: after });
  const { stdout } = await machine.run(probeScript(copy.probe(args as never, { contents: true })));
  expect(stdout).not.toContain('content ');
  expect((await machine.plan(copy, { dest: path, content: after })).changes[0]?.text).toBeUndefined();
});

test.each([
  ['binary', Buffer.from([0, 1, 2])],
  ['large', Buffer.alloc(300 * 1024, 'x')],
])('a %s old file is replaced without a text', async (_kind, before) => {
  const path = `${fresh()}/a`;
  writeFileSync(path, before);
  const { changes } = await machine.apply(copy, { dest: path, content: 'new\n' });
  expect(changes).toHaveLength(1);
  expect(changes[0]?.text).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe('new\n');
});

test('only the mode differs: the content is not written again', async () => {
  const path = `${fresh()}/a`;
  writeFileSync(path, 'same\n');
  chmodSync(path, 0o644);
  const { ino } = statSync(path);
  const { changes } = await machine.apply(copy, { dest: path, content: 'same\n', mode: 'u=rw,go=' });
  expect(changes).toEqual([{ attribute: 'mode', from: '0644', to: '0600' }]);
  expect([statSync(path).ino, mode(path)]).toEqual([ino, '600']);
});

test('a directory takes the file under its name; a missing one is made', async () => {
  const directory = fresh();
  const source_file = { path: '/somewhere/motd', content: Buffer.from('x') };
  await machine.apply(copy, { dest: directory, src: 'motd' }, { source_file });
  await machine.apply(
    copy,
    { dest: `${directory}/new/`, src: 'sub/motd', directory_mode: '0700' },
    { source_file },
  );
  expect(existsSync(`${directory}/motd`) && existsSync(`${directory}/new/motd`)).toBe(true);
  expect(mode(`${directory}/new`)).toBe('700');
  expect(
    (await machine.plan(copy, { dest: `${directory}/new/`, src: 'motd' }, { source_file })).changes,
  ).toEqual([]);
});

test('a template in a directory loses its .j2', async () => {
  const directory = fresh();
  const source_file = { path: 'x', content: Buffer.from('x') };
  const { result } = await machine.apply(
    template,
    { dest: `${directory}/`, src: 'a/motd.conf.j2' },
    { source_file },
  );
  expect(result).toMatchObject({ dest: `${directory}/motd.conf`, src: 'a/motd.conf.j2' });
});

test('a link is replaced, or followed when asked', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/real`, 'old');
  symlinkSync('real', `${directory}/link`);
  await machine.apply(copy, { dest: `${directory}/link`, content: 'new', follow: true });
  expect(readFileSync(`${directory}/real`, 'utf8')).toBe('new');
  expect(lstatSync(`${directory}/link`).isSymbolicLink()).toBe(true);
  const { changes } = await machine.apply(copy, { dest: `${directory}/link`, content: 'new' });
  expect(changes).toMatchObject([{ attribute: 'state', from: 'link', to: 'file' }]);
  expect(lstatSync(`${directory}/link`).isFile()).toBe(true);
});

test('force: false leaves what is there', async () => {
  const path = `${fresh()}/a`;
  expect((await machine.apply(copy, { dest: path, content: 'first', force: false })).changes).toHaveLength(1);
  expect((await machine.apply(copy, { dest: path, content: 'second', force: false })).changes).toEqual([]);
});

test('a failed validation leaves the old file and says why', async () => {
  const directory = fresh();
  const path = `${directory}/a b`;
  writeFileSync(path, 'old');
  const validate = `sh -c 'echo "bad line in $(cat "$1")" >&2; exit 3' x %s`;
  const { outputs } = await machine.apply(copy, { dest: path, content: 'new', validate });
  expect(outputs[0]).toMatchObject({ code: 1 });
  expect(outputs[0]?.stderr).toContain('validation failed, nothing was replaced: bad line in new');
  expect(readdirSync(directory)).toEqual(['a b']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('backup keeps the old file and shows where', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/a`, 'old');
  const { result } = await machine.apply(copy, { dest: `${directory}/a`, content: 'new', backup: true });
  expect(readFileSync(String(result.backup_file), 'utf8')).toBe('old');
  expect(result.backup_file).toMatch(/\/a\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
});

test('backup does not write through a link that lies in its place', async () => {
  const directory = fresh();
  const [path, trap] = [`${directory}/a`, `${directory}/trap`];
  writeFileSync(path, 'old');
  writeFileSync(trap, 'mine');
  // The clock stands still, and the link is there before the copy.
  const early = `date() { echo now; }\nln -s ${trap} ${path}.$$.now~\n${backupScript(path)}`;
  execFileSync('sh', ['-s'], { input: early });
  expect(readFileSync(trap, 'utf8')).toBe('mine');
});

test('remote_src copies on the host, as private as the source, and its content does not travel', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/key`, key, { mode: 0o600 });
  const value = { src: `${directory}/key`, dest: `${directory}/copy`, remote_src: true };
  const { changes, outputs } = await machine.apply(copy, value);
  expect(JSON.stringify([changes, outputs])).not.toContain('secret');
  expect([readFileSync(`${directory}/copy`, 'utf8'), mode(`${directory}/copy`)]).toEqual([key, '600']);
  chmodSync(`${directory}/key`, 0o640);
  expect((await machine.apply(copy, { ...value, mode: 'preserve' })).changes).toEqual([
    { attribute: 'mode', from: '0600', to: '0640' },
  ]);
});

test.each([
  [{ dest: '/tmp', content: 'x' }, /is a directory.*name the file/],
  [{ dest: '/dev/null', content: 'x' }, /is a character on the host/],
  [{ dest: '/tmp/', content: 'x' }, /must name the file/],
  [{ dest: '/tmp/x', src: 'relative', remote_src: true }, /absolute path on the host/],
  [{ dest: '/tmp/x', src: '/nonexistent/file', remote_src: true }, /does not exist on the host/],
  [{ dest: '/etc/apt/x', src: '/etc/apt', remote_src: true }, /lies inside/],
  [{ dest: '/tmp/x', content: 'x', checksum: 'a'.repeat(40) }, /has the SHA-1 11f6ad8/],
  [{ dest: '/tmp/x', content: 'x', mode: 'preserve' }, /remote_src and for directories only/],
])('refuses %j', async (value, message) => {
  expect((await machine.plan(copy, value)).refused.join()).toMatch(message);
});

test.each([
  [{ dest: '/x' }, /src.*content/],
  [{ dest: '/x', src: 'a', content: 'b' }, /only one of/],
  [{ dest: 'relative', content: 'b' }, /dest/],
  [{ dest: '/x', content: 'b', mode: 644 }, /quoted/],
  [{ dest: '/x', content: 'b', mode: 'rw' }, /mode/],
  [{ dest: '/x', content: 'b', validate: 'no placeholder' }, /validate/],
])('its schema refuses %j', (value, message) => {
  expect(() => prepared(copy, value)).toThrow(message);
});

test.each([
  [
    'a directory that is missing',
    (directory: string) => ({ dest: `${directory}/no/file`, content: 'x' }),
    /the directory .*no does not exist/,
  ],
  [
    'an owner that is missing',
    (directory: string) => ({ dest: `${directory}/file`, content: 'x', owner: 'no-such-user' }),
    /invalid user/,
  ],
])('%s fails the step and leaves nothing', async (_name, args, message) => {
  const directory = fresh();
  const { outputs } = await machine.apply(copy, args(directory));
  expect(outputs[0]?.code).toBe(1);
  expect(outputs[0]?.stderr).toMatch(message);
  expect(readdirSync(directory)).toEqual([]);
});

test('a path with a line end is a path like any other', async () => {
  const directory = join(fresh(), 'two\nlines');
  mkdirSync(directory);
  await machine.apply(copy, { dest: `${directory}/a\nb`, content: 'x' });
  expect(readFileSync(`${directory}/a\nb`, 'utf8')).toBe('x');
  expect((await machine.plan(copy, { dest: `${directory}/a\nb`, content: 'x' })).changes).toEqual([]);
});

test.each([
  ['a mapping', { b: 1, a: [true] }, '{"b": 1, "a": [true]}'],
  ['a number', 514, '514'],
  ['true', true, 'True'],
  ['a list', ['é', null], '["\\u00e9", null]'],
  ['nothing', '', ''],
])('content may be %s', async (_kind, content, text) => {
  const path = `${fresh()}/a`;
  await machine.apply(copy, { dest: path, content });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

const sourceTree = {
  path: '/somewhere/site',
  directories: ['css'],
  files: [
    { name: 'css/a.css', content: Buffer.from('a'), mode: 0o644 },
    { name: 'run', content: Buffer.from('b'), mode: 0o755 },
  ],
};

test.each([
  ['site', 'site/'],
  ['site/', ''],
])('a directory named %s', async (src, below) => {
  const directory = fresh();
  const extra = { source_tree: sourceTree };
  const args = { dest: `${directory}/www`, src, mode: 'preserve', directory_mode: '0750' };
  const top = `${directory}/www/${below}`;
  const { changes, result } = await machine.apply(copy, args, extra);
  expect(changes.map(({ attribute, from, to }) => [attribute, from, to])).toEqual([
    [top.replace(/\/$/, ''), 'absent', 'directory'],
    ['css', 'absent', 'directory'],
    ['css/a.css', 'absent', 'file'],
    ['run', 'absent', 'file'],
  ]);
  expect(result).toEqual({
    dest: `${directory}/www/`,
    src: src === 'site' ? '/somewhere/site' : '/somewhere/site/',
  });
  expect([mode(`${top}css`), mode(`${top}run`), mode(`${top}css/a.css`)]).toEqual(['750', '755', '644']);
  expect((await machine.apply(copy, args, extra)).changes).toEqual([]);
  writeFileSync(`${top}css/a.css`, 'other');
  chmodSync(`${top}css`, 0o700);
  expect((await machine.apply(copy, args, extra)).changes.map(({ attribute }) => attribute)).toEqual([
    'css mode',
    'css/a.css',
  ]);
  expect(readFileSync(`${top}css/a.css`, 'utf8')).toBe('a');
});

test('a file of the host where the tree has a directory is refused', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/css`, '');
  const { refused } = await machine.apply(
    copy,
    { dest: directory, src: 'site/' },
    { source_tree: sourceTree },
  );
  expect(refused).toEqual([`${directory}/css is a file on the host, not a directory; remove it first`]);
});
