import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookupItems } from '../../../src/jinja/expression/loop-lookups.ts';
import { environment } from '../../helpers/jinja/environment.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();

test('filetree describes what is below directories, each path once, links as links', () => {
  const top = fresh();
  for (const folder of ['first/sub', 'second/sub']) mkdirSync(join(top, folder), { recursive: true });
  writeFileSync(join(top, 'first/sub/one'), '1');
  writeFileSync(join(top, 'second/sub/one'), 'another');
  writeFileSync(join(top, 'second/two'), '2');
  chmodSync(join(top, 'second/two'), 0o4750);
  symlinkSync('sub', join(top, 'first/link'));
  const located = {
    ...environment(),
    locate: (name: string) => (name === 'none' ? undefined : join(top, name)),
  };
  const found = lookupItems('filetree', ['first/', 'second', 'none'], located) ?? [];
  const words = found.map((entry) => {
    const { path, state, src, mode, size } = entry as Record<string, unknown>;
    return [path, state, String(src).replace(`${top}/`, ''), state === 'file' ? [mode, size] : []];
  });
  expect(words).toEqual([
    ['link', 'link', 'sub', []],
    ['sub', 'directory', 'undefined', []],
    ['sub/one', 'file', 'first/sub/one', ['0644', 1]],
    ['two', 'file', 'second/two', ['04750', 1]],
  ]);
  expect(found[0]).toMatchObject({ root: join(top, 'first'), uid: process.getuid?.() });
});
