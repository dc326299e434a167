import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attributesResult, mimeResult } from '../../../src/resources/files/looked-content.ts';
import { stat } from '../../../src/resources/stat.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const printed = (stdout: string) => ({ code: 0, stdout, stderr: '' });
const unknown = { mimetype: 'unknown', charset: 'unknown' };
// A small machine may lack it, as a host may.
const hasFile = execFileSync('sh', ['-c', 'command -v file || :']).length > 0;

test('stat looks at the content and at attributes where the task says so', async () => {
  const directory = fresh();
  const path = join(directory, 'it is; a file');
  writeFileSync(path, '#!/bin/sh\necho a\n');
  symlinkSync(path, join(directory, 'link'));
  const seen = async (args: object) => (await new ShellHost().apply(stat, args)).result.stat;
  const script = hasFile ? { mimetype: 'text/x-shellscript', charset: 'us-ascii' } : unknown;
  const attributes = { attributes: expect.any(Array), attr_flags: expect.any(String) };
  const all = await seen({ path, get_mime: true, get_attributes: true });
  expect(all).toMatchObject({ ...script, ...attributes, size: 17 });
  expect(all).toHaveProperty('version');
  const link = hasFile ? { mimetype: 'inode/symlink', charset: 'binary' } : unknown;
  expect(await seen({ path: join(directory, 'link'), get_mime: true })).toMatchObject(link);
  const plain = await seen({ path });
  for (const key of ['mimetype', 'charset', 'attributes', 'attr_flags', 'version'])
    expect(plain).not.toHaveProperty(key);
  expect(await seen({ path: join(directory, 'none'), get_mime: true })).toEqual({ exists: false });
});

describe('what the programs say', () => {
  test.each([
    ['text/plain; charset=us-ascii\n', { mimetype: 'text/plain', charset: 'us-ascii' }],
    ['', unknown],
    ['cannot open (Permission denied)\n', unknown],
  ])('file: %j', (stdout, expected) => {
    expect(mimeResult(printed(stdout))).toEqual(expected);
  });

  test.each([
    [
      '1842913 ----i---------e------- /a b\n',
      { version: '1842913', attr_flags: 'ie', attributes: ['immutable', 'extents'] },
    ],
    ['     12 -------------------- /a\n', { version: '12', attr_flags: '', attributes: [] }],
    ['', { version: null, attr_flags: '', attributes: [] }],
  ])('lsattr: %j', (stdout, expected) => {
    expect(attributesResult(printed(stdout))).toEqual(expected);
  });
});
