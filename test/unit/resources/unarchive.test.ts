import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unarchive } from '../../../src/resources/unarchive.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const host = new ShellHost();

// A directory with a tree to pack, and an empty one to unpack it into.
function prepared(): { readonly top: string; readonly dest: string } {
  const top = fresh();
  mkdirSync(join(top, 'tree/app/bin'), { recursive: true });
  writeFileSync(join(top, 'tree/app/bin/run'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(top, 'tree/app/README'), 'read me\n');
  mkdirSync(join(top, 'dest'));
  return { top, dest: join(top, 'dest') };
}

function pack(top: string, name: string): string {
  const archive = join(top, name);
  if (name.endsWith('.zip')) execFileSync('zip', ['-qr', archive, 'app'], { cwd: join(top, 'tree') });
  else execFileSync('tar', ['-caf', archive, '-C', join(top, 'tree'), 'app']);
  return archive;
}

describe.each([
  ['a.tar', 'TarArchive'],
  ['a.tar.gz', 'TgzArchive'],
  ['a.tar.bz2', 'TarBzipArchive'],
  ['a.tar.xz', 'TarXzArchive'],
  ['a.tar.zst', 'TarZstdArchive'],
  ['a.zip', 'ZipArchive'],
])('%s', (name, handler) => {
  test('is unpacked once, and again where something differs', async () => {
    const { top, dest } = prepared();
    const args = { src: pack(top, name), dest, remote_src: true, list_files: true };
    const plan = await host.plan(unarchive, args);
    expect(plan.changes).toContainEqual({
      attribute: expect.stringMatching(/^app\/README$/),
      from: 'absent',
      to: 'unpacked',
    });
    const first = await host.apply(unarchive, args);
    expect(first.outputs.map(({ code }) => code)).toEqual([0]);
    expect(first.result).toMatchObject({
      handler,
      dest,
      state: 'directory',
      extract_results: { rc: 0 },
      files: expect.arrayContaining(['app/', 'app/bin/run']),
    });
    expect(readFileSync(join(dest, 'app/README'), 'utf8')).toBe('read me\n');
    expect(statSync(join(dest, 'app/bin/run')).mode & 0o777).toBe(0o755);
    expect((await host.apply(unarchive, args)).changes).toEqual([]);

    chmodSync(join(dest, 'app/README'), 0o600);
    expect((await host.apply(unarchive, args)).changes).toEqual([
      { attribute: 'app/README', from: 'another mode', to: 'unpacked' },
    ]);
    writeFileSync(join(dest, 'app/README'), 'mine\n');
    expect((await host.apply(unarchive, args)).changes).toHaveLength(1);
    expect(readFileSync(join(dest, 'app/README'), 'utf8')).toBe('read me\n');
  });

  test('its files have the owner and mode that are wanted', async () => {
    const { top, dest } = prepared();
    const args = { src: pack(top, name), dest, remote_src: true, mode: 'u=rwX,go=' };
    await host.apply(unarchive, args);
    expect(statSync(join(dest, 'app/bin')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dest, 'app/README')).mode & 0o777).toBe(0o600);
    expect((await host.apply(unarchive, args)).changes).toEqual([]);
    chmodSync(join(dest, 'app'), 0o755);
    expect((await host.apply(unarchive, args)).changes).toEqual([
      { attribute: 'tree', from: '1 entry differs', to: 'mode u=rwX,go=' },
    ]);
  });

  test('only what is included comes out, and newer files stay', async () => {
    const { top, dest } = prepared();
    const src = pack(top, name);
    await host.apply(unarchive, { src, dest, remote_src: true, include: ['app/README'] });
    expect(() => statSync(join(dest, 'app/bin'))).toThrow();
    await host.apply(unarchive, { src, dest, remote_src: true, exclude: ['app/README'] });
    expect(statSync(join(dest, 'app/bin/run')).isFile()).toBe(true);
    writeFileSync(join(dest, 'app/README'), 'newer\n');
    utimesSync(join(dest, 'app/README'), 4e9, 4e9);
    const kept = await host.plan(unarchive, { src, dest, remote_src: true, keep_newer: true });
    expect(kept.changes).toEqual(name.endsWith('.zip') ? [] : kept.changes);
    await host.apply(unarchive, { src, dest, remote_src: true, keep_newer: true });
    expect(readFileSync(join(dest, 'app/README'), 'utf8')).toBe('newer\n');
  });
});

test('an archive of the control node travels', async () => {
  const { top, dest } = prepared();
  const content = readFileSync(pack(top, 'a.tgz'));
  const extra = { source_file: { path: '/x/a.tgz', content } };
  const args = { src: 'a.tgz', dest, extra_opts: ['--strip-components=1'] };
  expect((await host.apply(unarchive, args, extra)).outputs.map(({ code }) => code)).toEqual([0]);
  expect(readFileSync(join(dest, 'README'), 'utf8')).toBe('read me\n');
  expect((await host.apply(unarchive, args, extra)).changes).toEqual([]);
});

test('an address is fetched by the host', async () => {
  const { top, dest } = prepared();
  const args = { src: `file://${pack(top, 'a.tgz')}`, dest, copy: false };
  await host.apply(unarchive, args);
  expect(readFileSync(join(dest, 'app/README'), 'utf8')).toBe('read me\n');
});

test('nothing is done when creates is there', async () => {
  const { top, dest } = prepared();
  const { changes, result } = await host.apply(unarchive, {
    ...{ src: '/no such archive', dest, remote_src: true },
    creates: top,
  });
  expect(changes).toEqual([]);
  expect(result.msg).toBe(`skipped, since ${top} exists`);
});

test.each([
  ['missing', () => '/no/such', "Source '/no/such' does not exist on the host"],
  ['empty', (top: string) => join(top, 'empty'), 'the file is 0 bytes'],
  ['none', (top: string) => join(top, 'none'), 'cannot be unpacked'],
  ['relative', () => 'a.tgz', 'must be an absolute path on the host or an address'],
])('an archive that is %s is refused', async (_, src, why) => {
  const { top, dest } = prepared();
  writeFileSync(join(top, 'empty'), '');
  writeFileSync(join(top, 'none'), 'no archive at all, but long enough');
  const { refused } = await host.plan(unarchive, { src: src(top), dest, remote_src: true });
  expect(refused).toEqual([expect.stringContaining(why)]);
});

test('a directory that is missing is refused', async () => {
  const { top, dest } = prepared();
  const args = { src: pack(top, 'a.tgz'), dest: `${dest}/none`, remote_src: true };
  expect((await host.plan(unarchive, args)).refused).toEqual([`dest '${dest}/none' must be an existing dir`]);
});
