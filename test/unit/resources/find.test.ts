import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFound } from '../../../src/resources/files/found-file.ts';
import { find } from '../../../src/resources/find.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();

function tree() {
  const directory = fresh();
  mkdirSync(join(directory, 'sub/deep'), { recursive: true });
  for (const [name, text] of Object.entries({
    'a.log': 'x',
    'b.txt': 'y'.repeat(3000),
    '.hid': '',
    'sub/c.log': '',
    'sub/deep/d.log': '',
  }))
    writeFileSync(join(directory, name), text);
  symlinkSync('a.log', join(directory, 'l'));
  utimesSync(join(directory, 'a.log'), 1_000_000_000, 1_000_000_000);
  return directory;
}

test.each([
  [{}, ['a.log', 'b.txt']],
  [{ patterns: '*.log' }, ['a.log']],
  [{ patterns: ['*.log'], recurse: true }, ['a.log', 'sub/c.log', 'sub/deep/d.log']],
  [{ patterns: ['*.log'], recurse: true, depth: 2 }, ['a.log', 'sub/c.log']],
  [{ patterns: ['[!a]*'] }, ['b.txt']],
  [{ patterns: '*.log,*.txt' }, ['a.log', 'b.txt']],
  [{ patterns: ['^.\\.(log|txt)$'], use_regex: true, excludes: ['^b'] }, ['a.log']],
  [{ hidden: true }, ['.hid', 'a.log', 'b.txt']],
  [{ file_type: 'directory' }, ['sub']],
  [{ file_type: 'link' }, ['l']],
  [{ file_type: 'any' }, ['a.log', 'b.txt', 'l', 'sub']],
  [{ age: '1w' }, ['a.log']],
  [{ age: '-1w' }, ['b.txt']],
  [{ size: '2k' }, ['b.txt']],
  [{ size: '-2k' }, ['a.log']],
])('%j', async (more, names) => {
  const directory = tree();
  const { have, refused } = await machine.plan(find, { paths: directory, ...more });
  expect(refused).toEqual([]);
  const result = find.result?.({ paths: [directory] }, have as never, []) as { files: { path: string }[] };
  expect(result.files.map(({ path }) => path.slice(directory.length + 1)).sort()).toEqual(names);
});

test.each([
  [{ contains: 'b' }, []],
  [{ contains: '.*b' }, ['one', 'two']],
  [{ contains: '^a b$', patterns: 'o*,x' }, ['one']],
  [{ contains: 'b\\na', read_whole_file: true }, ['two']],
  [{ contains: 'a', file_type: 'any' }, ['big', 'bytes', 'one', 'two']],
  [{ contains: '(?i)A', patterns: '^t', use_regex: true }, ['two']],
])('what files hold: %j', async (want, names) => {
  const directory = fresh();
  writeFileSync(join(directory, 'one'), 'a b\n');
  writeFileSync(join(directory, 'two'), 'x b\r\na\n');
  writeFileSync(join(directory, 'bytes'), Buffer.from([0x61, 0xff]));
  writeFileSync(join(directory, 'big'), 'z'.repeat(100_000));
  const { refused, result } = await machine.apply(find, { paths: directory, ...want });
  expect(refused).toEqual([]);
  const files = result.files as readonly { readonly path: string }[];
  expect(files.map(({ path }) => path.slice(directory.length + 1)).sort()).toEqual(names);
});

test('a file that is too large to be looked into is an error', async () => {
  const directory = fresh();
  writeFileSync(join(directory, 'huge'), Buffer.alloc(4_194_305));
  const { refused } = await machine.plan(find, { paths: directory, contains: 'x' });
  expect(refused).toEqual([`contains: ${directory}/huge is too large to be looked into`]);
});

test('an entry has what stat says of it', async () => {
  const directory = tree();
  const { have } = await machine.plan(find, { paths: [directory], patterns: 'a.log', get_checksum: true });
  expect(find.result?.({ paths: [directory] }, have as never, [])).toMatchObject({
    matched: 1,
    msg: 'All paths examined',
    files: [
      {
        path: join(directory, 'a.log'),
        isreg: true,
        size: 1,
        mtime: 1_000_000_000,
        rusr: true,
        checksum: '11f6ad8ec52a2984abaafd7c3b516503785c2072',
      },
    ],
  });
});

test('no name passes itself off as another entry', async () => {
  const directory = fresh();
  const hostile = 'x\n0 at 81a4 0 0 0 1 1 1 1 1 1 root root //etc/passwd';
  mkdirSync(join(directory, 'x\n0 at 81a4 0 0 0 1 1 1 1 1 1 root root /', 'etc'), { recursive: true });
  writeFileSync(join(directory, hostile), '');
  const { have } = await machine.plan(find, { paths: [directory], recurse: true, file_type: 'any' });
  const { files } = have as { files: { fields: { path: string } }[] };
  expect(files.map(({ fields }) => fields.path.startsWith(`${directory}/`))).toEqual([true, true, true]);
});

test('what is no directory is named', async () => {
  const path = `${fresh()}/none`;
  const { have } = await machine.plan(find, { paths: [path] });
  expect(find.result?.({ paths: [path] }, have as never, [])).toMatchObject({
    matched: 0,
    skipped_paths: { [path]: `'${path}' is not a directory` },
  });
});

test('an expression that cannot be read is refused, an answer without a mark is an error', async () => {
  const { refused } = await machine.plan(find, { paths: [fresh()], patterns: ['('], use_regex: true });
  expect(refused).toEqual([expect.stringMatching(/^patterns: /)]);
  expect(() => readFound({ code: 0, stdout: 'x', stderr: '' })).toThrow('looking for files failed');
});
