import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { resources } from '../../helpers/resources/all-resources.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const rows: readonly [name: string, args: (directory: string) => unknown, extra?: object][] = [
  ['command', () => ({ cmd: 'echo a' })],
  ['shell', () => ({ cmd: 'echo a; exit 3' })],
  ['raw', () => ({ cmd: 'echo a' })],
  [
    'script',
    () => ({ cmd: 'a.sh' }),
    { source_file: { path: '/a.sh', content: Buffer.from('#!/bin/sh\necho a\n') } },
  ],
  ['stat', (directory) => ({ path: join(directory, 'file') })],
  ['stat', (directory) => ({ path: join(directory, 'link') })],
  ['slurp', (directory) => ({ src: join(directory, 'file') })],
  ['find', (directory) => ({ paths: [directory, '/nowhere'] })],
  ['tempfile', (directory) => ({ path: directory })],
];

function paths(value: unknown, prefix: string, declared: readonly string[]): readonly string[] {
  return Object.entries(value as object).flatMap(([key, below]) => {
    const path = `${prefix}${key}`;
    return declared.some((one) => one.startsWith(`${path}.`)) ? paths(below, `${path}.`, declared) : [path];
  });
}

describe('what a resource says that it registers', () => {
  const fresh = scratch();

  test.each(rows.map(([name, args, extra]) => ({ name, args, extra })))(
    '$name',
    async ({ name, args, extra }) => {
      const directory = fresh();
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'file'), 'text');
      symlinkSync('file', join(directory, 'link'));
      const resource = resources.get(name) as AnyHostResource;
      const { gives = [] } = resource;
      const { result } = await new ShellHost().apply(resource, args(directory), extra);
      const given = paths(result, '', gives).filter((key) => !['msg', 'changed'].includes(key));
      expect(given.filter((key) => !gives.includes(key))).toEqual([]);
      // A file has no target, a link no checksum.
      const rare = ['stat.checksum', 'stat.lnk_target', 'stat.lnk_source'];
      expect(gives.filter((key) => !given.includes(key) && !rare.includes(key))).toEqual([]);
    },
  );

  test('each resource that says it is tried here', () => {
    const declaring = [...new Set(resources.values())].filter(({ gives }) => gives).map(({ name }) => name);
    expect(declaring.toSorted()).toEqual([...new Set(rows.map(([name]) => name))].toSorted());
  });
});
