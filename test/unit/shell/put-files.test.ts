import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { putPrelude } from '../../../src/shell/put.ts';
import { putFilesScript, type WrittenFile } from '../../../src/shell/put-files.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();
const file = (path: string, content: string | Buffer, more: Partial<WrittenFile> = {}): WrittenFile => ({
  path,
  content: Buffer.from(content),
  owner: undefined,
  group: undefined,
  mode: '0640',
  ...more,
});
const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  const write = (files: readonly WrittenFile[], before = '') =>
    new ShellHost(shell, {}, putPrelude).run(`${before}\n${putFilesScript(files, 'x1')}`);

  test('files of any name and content come into place together', async () => {
    const directory = fresh();
    const other = join(directory, "it's $(x) `y`");
    mkdirSync(other);
    const binary = Buffer.from([0, 255, 10, 13, 0x81, 0x88]);
    const files = [
      file(join(directory, 'a'), 'x\\n $y `z` \'q\' "d"\n\n'),
      file(join(directory, 'line\nend'), 'żółć'),
      file(join(other, '-n'), binary, { mode: '00600' }),
      file(join(other, 'empty'), ''),
      file(join(other, 'long'), 'a'.repeat(70_000), { owner: '0', group: '0', mode: '0604' }),
    ];
    expect(await write(files)).toEqual({ code: 0, stdout: '', stderr: '' });
    for (const { path, content } of files) expect(readFileSync(path).equals(Buffer.from(content))).toBe(true);
    expect(mode(join(directory, 'a'))).toBe('640');
    expect(mode(join(other, '-n'))).toBe('600');
    expect(mode(join(other, 'long'))).toBe('604');
    expect(readdirSync(directory).sort()).toEqual(['a', "it's $(x) `y`", 'line\nend']);
    expect(readdirSync(other).sort()).toEqual(['-n', 'empty', 'long']);
  });

  test('a link is replaced, not written through, and what was there is kept for a rollback', async () => {
    const directory = fresh();
    const saved = join(directory, 'saved');
    writeFileSync(join(directory, 'target'), 'untouched\n');
    mkdirSync(join(directory, 'etc'));
    symlinkSync('../target', join(directory, 'etc/link'));
    writeFileSync(join(directory, 'etc/old'), 'old\n');
    chmodSync(join(directory, 'etc/old'), 0o600);
    const files = ['link', 'old', 'new'].map((name) => file(join(directory, 'etc', name), `${name}\n`));
    expect(await write(files, `provision_saved='${saved}'`)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(directory, 'target'), 'utf8')).toBe('untouched\n');
    expect(readFileSync(join(directory, 'etc/link'), 'utf8')).toBe('link\n');
    const kept = readdirSync(saved);
    expect(kept.filter((name) => name.endsWith('.path'))).toHaveLength(3);
    expect(kept.filter((name) => name.endsWith('.copy'))).toHaveLength(2);
  });

  test.each([
    ['a directory is missing', (d: string) => file(join(d, 'no/where'), 'x')],
    ['an owner is unknown', (d: string) => file(join(d, 'b'), 'x', { owner: 'nobody-here' })],
  ])('nothing is renamed, and nothing is left behind, when %s', async (_why, wrong) => {
    const directory = fresh();
    const { code } = await write([file(join(directory, 'a'), 'x'), wrong(directory)]);
    expect(code).not.toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('what others put at the name of the staging directory is not used', async () => {
    const directory = fresh();
    mkdirSync(join(directory, 'elsewhere'));
    symlinkSync('elsewhere', join(directory, '.provision-x1'));
    const { code } = await write([file(join(directory, 'a'), 'x'), file(join(directory, 'b'), 'x')]);
    expect(code).not.toBe(0);
    expect(readdirSync(join(directory, 'elsewhere'))).toEqual([]);
    expect(existsSync(join(directory, 'a'))).toBe(false);
  });
});
