import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copy } from '../../../src/resources/copy.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { probeScript, ShellHost } from '../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();
const machine = new ShellHost();
const mode = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);

// src with a file, a directory below which is a setgid file and an empty directory, and links.
function source(): string {
  const directory = fresh();
  mkdirSync(join(directory, 'src/sub/empty'), { recursive: true });
  writeFileSync(join(directory, 'src/a'), 'a');
  writeFileSync(join(directory, 'src/sub/b'), 'b');
  chmodSync(join(directory, 'src/a'), 0o600);
  chmodSync(join(directory, 'src/sub/b'), 0o2755);
  chmodSync(join(directory, 'src/sub'), 0o750);
  chmodSync(join(directory, 'src'), 0o700);
  symlinkSync('a', join(directory, 'src/link'));
  symlinkSync('sub', join(directory, 'src/way'));
  return directory;
}

describe('a directory of the host', () => {
  test.each([
    ['src/', 'new', '', 'new', '700'],
    ['src/', 'new/', '', 'new/', '755'],
    ['src', 'new', '/src', 'new', '755'],
    ['src', 'deep/new/', '/src', 'deep/new/src', '700'],
    ['src', 'there', '/src', 'there/src', '700'],
    ['src/', 'there', '', 'there/', '755'],
  ])('%s to %s', async (src, dest, below, registered, top) => {
    const directory = source();
    mkdirSync(join(directory, 'there'), { mode: 0o755 });
    const args = { src: `${directory}/${src}`, dest: `${directory}/${dest}`, remote_src: true };
    const { changes, result } = await machine.apply(copy, args);
    const at = join(directory, dest, below);
    const made = src === 'src/' && dest === 'there' ? [] : [['state', 'absent', 'directory']];
    expect(changes.filter(({ attribute }) => attribute !== 'mode').map(Object.values)).toEqual([
      ...made,
      ['a', 'absent', 'file'],
      ['link', 'absent', 'link'],
      ['sub', 'absent', 'directory'],
      ['sub/b', 'absent', 'file'],
      ['sub/empty', 'absent', 'directory'],
      ['way', 'absent', 'link'],
    ]);
    expect([mode(at), mode(join(at, 'a')), mode(join(at, 'sub')), mode(join(at, 'sub/b'))]).toEqual([
      top,
      '600',
      '750',
      '2755',
    ]);
    expect(readFileSync(join(at, 'sub/b'), 'utf8')).toBe('b');
    expect([readlinkSync(join(at, 'link')), readlinkSync(join(at, 'way'))]).toEqual(['a', 'sub']);
    expect(result).toMatchObject({
      src: args.src,
      dest: `${directory}/${registered}`,
      checksum: null,
      md5sum: null,
      state: 'directory',
      mode: `0${top}`,
    });
    expect(readdirSync(at).toSorted()).toEqual(['a', 'link', 'sub', 'way']);
    expect((await machine.apply(copy, args)).changes).toEqual([]);
  });

  test('only what differs is written, and what is nowhere in the source stays', async () => {
    const directory = source();
    const args = { src: `${directory}/src/`, dest: `${directory}/new`, remote_src: true };
    await machine.apply(copy, args);
    writeFileSync(`${directory}/new/sub/b`, 'other');
    writeFileSync(`${directory}/new/mine`, 'mine');
    writeFileSync(`${directory}/src/sub/c`, 'c');
    const kept = statSync(`${directory}/new/a`).ino;
    const { changes } = await machine.apply(copy, args);
    expect(changes).toEqual([
      { attribute: 'sub/b', from: 'sha256:d9298a10d1b0', to: 'sha256:3e23e8160039' },
      { attribute: 'sub/c', from: 'absent', to: 'file' },
    ]);
    expect(
      ['a', 'sub/b', 'sub/c', 'mine'].map((name) => readFileSync(`${directory}/new/${name}`, 'utf8')),
    ).toEqual(['a', 'b', 'c', 'mine']);
    expect([statSync(`${directory}/new/a`).ino, mode(`${directory}/new/sub/b`)]).toEqual([kept, '2755']);
  });

  test('links are followed when that is said', async () => {
    const directory = source();
    const args = { src: `${directory}/src`, dest: `${directory}/new/`, remote_src: true, local_follow: true };
    await machine.apply(copy, args);
    expect(lstatSync(`${directory}/new/src/link`).isFile()).toBe(true);
    expect(readFileSync(`${directory}/new/src/way/b`, 'utf8')).toBe('b');
    expect((await machine.apply(copy, args)).changes).toEqual([]);
  });

  test('a link that leads elsewhere is replaced', async () => {
    const directory = source();
    const args = { src: `${directory}/src/`, dest: `${directory}/new`, remote_src: true };
    mkdirSync(`${directory}/new/sub`, { recursive: true });
    symlinkSync('sub', `${directory}/new/link`);
    const { changes } = await machine.apply(copy, args);
    expect(changes).toContainEqual({ attribute: 'link', from: 'link to sub', to: 'link to a' });
    expect(readlinkSync(`${directory}/new/link`)).toBe('a');
  });

  test('the mode is that of the directory itself; owners are those of all in it', async () => {
    const directory = source();
    const own = { owner: String(process.getuid?.()), group: String(process.getgid?.()) };
    const args = {
      src: `${directory}/src`,
      dest: `${directory}/new`,
      remote_src: true,
      mode: '0711',
      ...own,
    };
    await machine.apply(copy, args);
    expect(['new', 'new/src', 'new/src/sub'].map((name) => mode(join(directory, name)))).toEqual([
      '711',
      '711',
      '750',
    ]);
    expect((await machine.apply(copy, args)).changes).toEqual([]);
    expect((await machine.apply(copy, { ...args, mode: 'preserve' })).changes).toEqual([
      { attribute: 'mode', from: '0711', to: '0700' },
    ]);
    if (process.getuid?.() !== 0) return;
    const { changes } = await machine.apply(copy, { ...args, mode: 'preserve', owner: '65534' });
    expect(changes).toEqual([
      { attribute: 'tree', from: '7 entries differ', to: `owner 65534, group ${own.group}` },
    ]);
    expect(lstatSync(`${directory}/new/src/link`).uid).toBe(65534);
  });

  test('directory_mode is that of directories made for a dest with a trailing slash', async () => {
    const directory = source();
    const args = {
      src: `${directory}/src`,
      dest: `${directory}/x/y/`,
      remote_src: true,
      directory_mode: '0705',
    };
    await machine.apply(copy, args);
    expect(['x', 'x/y', 'x/y/src'].map((name) => mode(join(directory, name)))).toEqual(['705', '705', '700']);
  });

  test('force: false leaves a directory that is there', async () => {
    const directory = source();
    mkdirSync(`${directory}/new`);
    const args = { src: `${directory}/src/`, dest: `${directory}/new`, remote_src: true, force: false };
    const { changes, result } = await machine.apply(copy, args);
    expect([changes, result.msg]).toEqual([[], 'file already exists']);
  });

  test('a plan changes nothing', async () => {
    const directory = source();
    await machine.plan(copy, { src: `${directory}/src/`, dest: `${directory}/new`, remote_src: true });
    expect(existsSync(`${directory}/new`)).toBe(false);
  });
});

test('all in dest is looked at only where owners of all are wanted', () => {
  const script = (more: object) =>
    probeScript(
      copy.probe({ src: '/a/', dest: '/', remote_src: true, ...more } as never, { contents: false }),
    );
  expect(script({})).not.toContain('cd -- / && find');
  expect(script({ owner: 'root' })).toContain('cd -- / && find');
  expect(copy.paths?.({ src: '/a/', dest: '/', remote_src: true } as never)).toContain('/');
});

describe('what is refused', () => {
  test.each([
    ['new/a', 'directory', /new\/a is a directory on the host, not a file; remove it first$/],
    ['new/sub', 'file', /new\/sub is a file on the host, not a directory/],
    ['new/link', 'file', /new\/link is a file on the host, not a link; .*local_follow: true/],
    ['new', 'file', /new is a file on the host, not a directory/],
    ['src/pipe', 'pipe', /src\/pipe is a fifo; only files, directories and links are copied/],
  ])('%s being a %s', async (name, kind, message) => {
    const directory = source();
    if (name !== 'new') mkdirSync(`${directory}/new`);
    const path = join(directory, name);
    if (kind === 'directory') mkdirSync(path);
    else if (kind === 'file') writeFileSync(path, 'x');
    else execFileSync('mkfifo', [path]);
    const args = { src: `${directory}/src/`, dest: `${directory}/new`, remote_src: true };
    expect((await machine.plan(copy, args)).refused).toEqual([expect.stringMatching(message)]);
  });

  test('a directory into itself', async () => {
    const directory = source();
    const args = { src: `${directory}/src`, dest: `${directory}/src/sub`, remote_src: true };
    expect((await machine.plan(copy, args)).refused.join()).toMatch(/lies inside .*copied into itself/);
  });

  test('a directory that a link takes the place of', async () => {
    const directory = source();
    mkdirSync(`${directory}/real`);
    mkdirSync(`${directory}/new`);
    symlinkSync('../real', `${directory}/new/src`);
    const args = { src: `${directory}/src`, dest: `${directory}/new`, remote_src: true };
    expect((await machine.plan(copy, args)).refused.join()).toMatch(/new\/src is a link .*follow: true/);
    await machine.apply(copy, { ...args, follow: true });
    expect(readFileSync(`${directory}/real/a`, 'utf8')).toBe('a');
  });

  test('a directory above that is missing', async () => {
    const directory = source();
    const args = { src: `${directory}/src`, dest: `${directory}/no/new`, remote_src: true };
    const { outputs } = await machine.apply(copy, args);
    expect(outputs.map(({ stderr }) => stderr).join()).toContain(
      `the directory ${directory}/no does not exist`,
    );
  });
});

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'hostile names in %s',
  async (_name, shell) => {
    const directory = fresh();
    const names = [...hostileWords.map((word) => word.replaceAll('/', '_')), 'two\nlines', 'back\\slash'];
    for (const name of names) {
      mkdirSync(join(directory, 'src', name), { recursive: true });
      writeFileSync(join(directory, 'src', name, name), name);
      symlinkSync(name, join(directory, 'src', name, `${name}.link`));
    }
    const host = new ShellHost(shell);
    const args = { src: `${directory}/src/`, dest: `${directory}/new`, remote_src: true };
    expect((await host.apply(copy, args)).changes).toHaveLength(3 * names.length + 2);
    expect((await host.apply(copy, args)).changes).toEqual([]);
    for (const name of names) {
      expect(readlinkSync(join(directory, 'new', name, `${name}.link`))).toBe(name);
      writeFileSync(join(directory, 'new', name, name), 'other');
    }
    expect((await host.apply(copy, args)).changes).toHaveLength(names.length);
    for (const name of names) expect(readFileSync(join(directory, 'new', name, name), 'utf8')).toBe(name);
  },
);
