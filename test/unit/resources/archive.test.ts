import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archive } from '../../../src/resources/archive.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const host = new ShellHost();

/** A directory with a few files below `tree`, and one beside it. */
function tree(): string {
  const directory = fresh();
  mkdirSync(join(directory, 'tree/sub'), { recursive: true });
  writeFileSync(join(directory, 'tree/a.txt'), 'a\n');
  writeFileSync(join(directory, 'tree/sub/b.log'), 'b\n');
  symlinkSync('a.txt', join(directory, 'tree/link'));
  writeFileSync(join(directory, "it's one.txt"), 'one\n');
  return directory;
}

const tar = (file: string) =>
  execFileSync('tar', ['-tf', file], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .map((name) => name.replace(/\/$/, ''));
const zip = (file: string) =>
  execFileSync('unzip', ['-Z1', file], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .map((name) => name.replace(/\/$/, ''));
const shown = async (args: object) => {
  const { refused, changes, outputs } = await host.apply(archive, args);
  expect(refused).toEqual([]);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
};

describe('an archive of a tree', () => {
  test.each([
    ['gz', tar],
    ['bz2', tar],
    ['xz', tar],
    ['tar', tar],
    ['zip', zip],
  ] as const)('in %s is made once, and anew when a file changes', async (format, members) => {
    const directory = tree();
    const dest = join(directory, `x.${format}`);
    const args = { path: join(directory, 'tree'), dest, format };
    expect(await shown(args)).toEqual(['state: absent -> archived']);
    expect(members(dest)).toEqual(['tree/a.txt', 'tree/link', 'tree/sub', 'tree/sub/b.log']);
    expect(await shown(args)).toEqual([]);
    writeFileSync(join(directory, 'tree/new'), '');
    expect(await shown(args)).toEqual(['tree/new: absent -> archived']);
    writeFileSync(join(directory, 'tree/a.txt'), 'other\n');
    expect(await shown(args)).toEqual(['content: other -> as the files are now']);
    expect(await shown(args)).toEqual([]);
  });

  test('names that are left out', async () => {
    const directory = tree();
    const dest = join(directory, 'x.tgz');
    await shown({ path: join(directory, 'tree'), dest, exclusion_patterns: ['*.log', 'tree/l*'] });
    expect(tar(dest)).toEqual(['tree/a.txt', 'tree/sub']);
  });

  test('several paths, one of them a pattern, one left out, one missing', async () => {
    const directory = tree();
    const dest = join(directory, 'x.tgz');
    const args = {
      path: [join(directory, 'tree/*'), join(directory, "it's one.txt"), join(directory, 'none')],
      exclude_path: [join(directory, 'tree/l*')],
      dest,
    };
    const { result } = await host.apply(archive, args);
    expect(tar(dest)).toEqual(["it's one.txt", 'tree/a.txt', 'tree/sub/b.log']);
    expect(result).toMatchObject({
      dest,
      arcroot: `${directory}/`,
      dest_state: 'incomplete',
      missing: [join(directory, 'none')],
      expanded_exclude_paths: [join(directory, 'tree/link')],
    });
  });
});

describe('a single file', () => {
  test('is compressed beside itself, and removed if that is wanted', async () => {
    const directory = tree();
    const file = join(directory, "it's one.txt");
    expect(await shown({ path: file })).toEqual(['state: absent -> archived']);
    expect(execFileSync('gzip', ['-dc', `${file}.gz`], { encoding: 'utf8' })).toBe('one\n');
    utimesSync(file, 1, 1);
    expect(await shown({ path: file })).toEqual([]);
    expect(await shown({ path: file, remove: true, mode: '0600' })).toEqual([
      'mode: 0644 -> 0600',
      `${file}: present -> absent`,
    ]);
    expect([existsSync(file), existsSync(`${file}.gz`)]).toEqual([false, true]);
    expect(await shown({ path: file, remove: true })).toEqual([]);
  });

  test('becomes a member where an archive is forced', async () => {
    const directory = tree();
    const dest = join(directory, 'x.tgz');
    const args = { path: join(directory, 'tree/a.txt'), dest, force_archive: true };
    await shown(args);
    expect(tar(dest)).toEqual(['a.txt']);
    expect((await host.apply(archive, args)).result).toMatchObject({
      dest_state: 'archive',
      archived: [join(directory, 'tree/a.txt')],
      state: 'file',
      mode: '0644',
    });
  });
});

test('a tree is removed once it is archived', async () => {
  const directory = tree();
  const args = { path: join(directory, 'tree'), dest: join(directory, 'x.tgz'), remove: true };
  expect(await shown(args)).toEqual([
    'state: absent -> archived',
    `${join(directory, 'tree')}: present -> absent`,
  ]);
  expect(existsSync(join(directory, 'tree'))).toBe(false);
  expect(await shown(args)).toEqual([]);
  expect(tar(join(directory, 'x.tgz'))).toHaveLength(4);
});

test('what cannot be is refused', async () => {
  const directory = tree();
  const said = async (args: object) => (await host.plan(archive, args)).refused;
  expect(await said({ path: join(directory, 'tree') })).toEqual([
    'Error, must specify "dest" when archiving multiple files or trees',
  ]);
  expect(await said({ path: join(directory, 'no*'), dest: join(directory, 'x') })).toEqual([
    'Error, no source paths were found',
  ]);
  expect(
    await said({ path: join(directory, 'tree'), dest: join(directory, 'tree/x'), remove: true }),
  ).toEqual(['Error, created archive can not be contained in source paths when remove=true']);
});
