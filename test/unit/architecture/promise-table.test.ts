import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { promiseTable } from '../../promise-table.ts';
import { promises } from '../../promises.ts';

const root = join(import.meta.dirname, '../../..');

const result = (file: string, tests: Readonly<Record<string, boolean>>) => ({
  file,
  seconds: 1,
  passed: 0,
  failed: 0,
  tests: Object.entries(tests).map(([name, passed]) => ({ name, passed })),
  failures: [],
});

const results = [
  result('test/a.test.ts', { 'locks > end': true, 'locks > name: who': true, 'waits > end': false }),
  result('test/b.test.ts', { 'keys > hidden': true }),
  result('test/c.test.ts', {}),
];

describe('the table of promises', () => {
  test('counts the tests of files and of names, each once', () => {
    const table = promiseTable(
      { 'Locks end': ['test/a.test.ts: locks', 'test/a.test.ts: name: who', 'test/b.test.ts'] },
      results,
    );
    expect(table).toEqual({
      lines: ['promise    tried   held', 'Locks end      3      3'],
      broken: [],
    });
  });

  test.each([
    ['a case does not hold', ['test/a.test.ts'], 'x            3      2', 'not kept: x'],
    ['there is no case', [], 'x            0      0', 'nothing tries: x'],
    [
      'no test has the name',
      ['test/b.test.ts: lost'],
      'x            0      0',
      "no test ran for 'test/b.test.ts: lost' of: x",
    ],
    [
      'a file could not be loaded',
      ['test/c.test.ts'],
      'x            0      0',
      "no test ran for 'test/c.test.ts' of: x",
    ],
    [
      'a file did not run',
      ['test/d.test.ts'],
      'x            0      0',
      "no test ran for 'test/d.test.ts' of: x",
    ],
  ])('%s', (_what, entries, line, sentence) => {
    const { lines, broken } = promiseTable({ x: entries }, results);
    expect(lines).toEqual(['promise  tried   held', line]);
    expect(broken).toEqual([sentence]);
  });
});

test('every entry names a file that is there, and words of a name in it', () => {
  const lost = Object.values(promises)
    .flat()
    .filter((entry) => {
      const [file = '', part = ''] = entry.split(/: (.*)/s, 2);
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(part);
    });
  expect(lost).toEqual([]);
});
