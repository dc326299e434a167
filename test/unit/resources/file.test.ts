import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { expect, test } from 'vitest';
import { file } from '../../../src/resources/file.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
// Only root may give files away.
const root = process.getuid?.() === 0;
const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test('a directory with its missing parents, each with the mode', async () => {
  const directory = fresh();
  const { changes, result } = await machine.apply(file, {
    path: `${directory}/a/b/`,
    state: 'directory',
    mode: '0710',
  });
  expect(changes).toEqual([
    { attribute: 'state', from: 'absent', to: 'directory' },
    { attribute: 'mode', to: '0710' },
  ]);
  expect([mode(`${directory}/a`), mode(`${directory}/a/b`)]).toEqual(['710', '710']);
  expect(result).toMatchObject({ path: `${directory}/a/b`, state: 'directory', mode: '0710' });
});

test('a directory without a mode gets 0755', async () => {
  const directory = fresh();
  await machine.apply(file, { path: `${directory}/a`, state: 'directory' });
  expect(mode(`${directory}/a`)).toBe('755');
});

test('setgid of a directory goes when the mode does not name it', async () => {
  const directory = fresh();
  chmodSync(directory, 0o2755);
  await machine.apply(file, { path: directory, mode: '0755' });
  expect(mode(directory)).toBe('755');
  expect((await machine.plan(file, { path: directory, mode: '0755' })).changes).toEqual([]);
});

test('recurse counts what differs and changes links themselves only', async () => {
  const directory = fresh();
  mkdirSync(`${directory}/tree/sub`, { recursive: true });
  writeFileSync(`${directory}/tree/sub/x`, '', { mode: 0o600 });
  writeFileSync(`${directory}/outside`, '', { mode: 0o600 });
  symlinkSync(`${directory}/outside`, `${directory}/tree/link`);
  const value = { path: `${directory}/tree`, recurse: true, mode: 'a+rX' };
  const { changes } = await machine.apply(file, value);
  expect(changes).toEqual([{ attribute: 'tree', from: '1 entry differs', to: 'mode a+rX' }]);
  expect([mode(`${directory}/tree/sub/x`), mode(`${directory}/outside`)]).toEqual(['644', '600']);
  expect((await machine.plan(file, value)).changes).toEqual([]);
});

test('a link is made and turned', async () => {
  const directory = fresh();
  const value = { path: `${directory}/cur`, state: 'link', src: 'v1' };
  expect((await machine.apply(file, value)).changes).toEqual([
    { attribute: 'state', from: 'absent', to: 'link' },
    { attribute: 'src', to: 'v1' },
  ]);
  expect((await machine.apply(file, { ...value, src: 'v2' })).changes).toEqual([
    { attribute: 'src', from: 'v1', to: 'v2' },
  ]);
  expect(readlinkSync(`${directory}/cur`)).toBe('v2');
});

test.runIf(root)(
  'owner and mode of a link are those of what it leads to, unless it is not followed',
  async () => {
    const directory = fresh();
    mkdirSync(`${directory}/tree`);
    writeFileSync(`${directory}/outside`, '', { mode: 0o644 });
    const link = { path: `${directory}/tree/link`, state: 'link', src: '../outside' };
    const owned = { ...link, owner: 2, mode: '0600' };
    expect((await machine.apply(file, owned)).changes).toContainEqual({
      attribute: 'mode',
      from: '0644',
      to: '0600',
    });
    const { uid, mode } = statSync(`${directory}/outside`);
    expect([uid, mode & 0o7777, lstatSync(link.path).uid]).toEqual([2, 0o600, 0]);
    expect((await machine.plan(file, owned)).changes).toEqual([]);
    await machine.apply(file, { ...link, follow: false, owner: 3 });
    expect([lstatSync(link.path).uid, statSync(`${directory}/outside`).uid]).toEqual([3, 2]);
    await machine.apply(file, { path: `${directory}/tree`, recurse: true, group: '1' });
    expect([lstatSync(link.path).gid, statSync(`${directory}/outside`).gid]).toEqual([1, 0]);
  },
);

test('a link that leads nowhere may have a mode that it cannot have', async () => {
  const link = { path: `${fresh()}/link`, state: 'link', src: 'nowhere', mode: '0600' };
  await machine.apply(file, link);
  expect((await machine.plan(file, link)).changes).toEqual([]);
});

test('a link takes the place of something else only by force', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/a`, '');
  mkdirSync(`${directory}/empty`);
  mkdirSync(`${directory}/full/x`, { recursive: true });
  const link = (name: string, force: boolean) => ({
    path: `${directory}/${name}`,
    state: 'link',
    src: 'x',
    force,
  });
  expect((await machine.plan(file, link('a', false))).refused.join()).toMatch(/is a file; `force: true`/);
  for (const name of ['a', 'empty'])
    expect((await machine.apply(file, link(name, true))).outputs[0]?.code).toBe(0);
  const { outputs } = await machine.apply(file, link('full', true));
  expect(outputs[0]?.stderr).toMatch(/not empty/i);
  expect(existsSync(`${directory}/full/x`)).toBe(true);
});

test('a hard link shares the inode', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/a`, 'x');
  await machine.apply(file, { path: `${directory}/b`, state: 'hard', src: `${directory}/a` });
  expect(statSync(`${directory}/b`).ino).toBe(statSync(`${directory}/a`).ino);
});

test('touch makes a file, then sets its time each time', async () => {
  const path = `${fresh()}/a`;
  await machine.apply(file, { path, state: 'touch', mode: '0600' });
  expect([mode(path), readFileSync(path, 'utf8')]).toEqual(['600', '']);
  utimesSync(path, 1, 1);
  expect((await machine.apply(file, { path, state: 'touch', access_time: 'preserve' })).changes).toEqual([
    { attribute: 'time', to: 'now' },
  ]);
  expect([statSync(path).atimeMs, statSync(path).mtimeMs > 1e12]).toEqual([1000, true]);
  expect(file.repeats?.(prepared(file, { path, state: 'touch' }) as never)).toBe(true);
});

test('owner and mode of whatever is there, through a link', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/a`, '', { mode: 0o644 });
  symlinkSync('a', `${directory}/link`);
  await machine.apply(file, { path: `${directory}/link`, mode: 'go-r' });
  expect([mode(`${directory}/a`), lstatSync(`${directory}/link`).isSymbolicLink()]).toEqual(['600', true]);
});

test.each([
  [{ path: '/', state: 'absent' }, /is not removed/],
  [{ path: '/nonexistent', mode: '0644' }, /does not exist.*say which state/],
  [{ path: '/nonexistent', state: 'file' }, /does not exist.*touch/],
  [{ path: '/tmp', state: 'file' }, /is a directory/],
  [{ path: '/etc/passwd', state: 'directory' }, /is a file, not a directory/],
  [{ path: '/x', state: 'link' }, /needs src/],
  [{ path: '/x', state: 'hard', src: 'y' }, /absolute path/],
  [{ path: '/x', state: 'hard', src: '/nonexistent' }, /does not exist/],
  [{ path: '/x', state: 'directory', src: 'y' }, /src is for/],
  [{ path: '/x', state: 'touch', recurse: true }, /recurse is for/],
])('refuses %j', async (value, message) => {
  expect((await machine.plan(file, value)).refused.join()).toMatch(message);
});

test.each([
  [{ path: '/a/b' }, ['/a/b']],
  [{ path: '/a//b/', state: 'directory' }, ['/a/b']],
  [{ path: '/a/b', state: 'absent' }, ['/a/b', '/a/b/']],
  [{ path: '/a/b', recurse: true }, ['/a/b', '/a/b/']],
  [{ path: '/a', state: 'link', src: 'x' }, ['/a', '/a/']],
  [{ path: '/a', state: 'hard', src: '/x' }, ['/a', '/x']],
])('%j touches %j', (value, paths) => {
  expect(file.paths?.(prepared(file, value) as never)).toEqual(paths);
});
