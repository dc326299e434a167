import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exists } from '../../../src/probes/exists.ts';
import { ask } from '../../helpers/probes/kind-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  test('many paths and patterns are one section without any process', () => {
    const directory = fresh();
    mkdirSync(join(directory, 'in'));
    writeFileSync(join(directory, 'in/abc'), '');
    symlinkSync('nowhere', join(directory, 'in/dangling'));
    const rows: readonly (readonly [string, string | undefined, boolean])[] = [
      ['abc', `${directory}/in`, true],
      ['a?c', `${directory}/in`, true],
      ['[x-z]*', `${directory}/in`, false],
      ['dangling', `${directory}/in`, true],
      [`${directory}/*/abc`, undefined, true],
      [`${directory}/*/x`, undefined, false],
      [`${directory}/in/abc`, `${directory}/in/abc`, false],
      [`${directory}/in/abc`, `${directory}/none`, false],
      ['abc', undefined, false],
    ];
    const { answers, sections, programs, forks } = ask(
      rows.map(([pattern, from]) => exists(pattern, from)),
      shell,
    );
    expect(answers).toEqual(rows.map(([, , there]) => there));
    expect(sections).toBe(1);
    if (programs !== undefined) expect([programs, forks]).toEqual([0, 1]);
  });

  test('hostile words are names', () => {
    const directory = fresh();
    const words = hostileWords.map((word) => word.replace(/[*?[\]/]/g, '-'));
    for (const word of words) writeFileSync(join(directory, word), '');
    const { answers } = ask(
      words.flatMap((word) => [exists(word, directory), exists(`${word}x`, directory)]),
      shell,
    );
    expect(answers).toEqual(words.flatMap(() => [true, false]));
    expect(readdirSync(directory)).toHaveLength(words.length);
  });
});

test.each([
  ['/etc/x', undefined, '/etc/x'],
  ['/etc/*/x', undefined, '/etc/'],
  ['x', '/srv/a/', '/srv/a/x'],
  ['../b/x?', '/srv/a', '/srv/b/'],
  ['x', undefined, '/'],
])('%s from %s depends on %s', (pattern, directory, path) => {
  expect(exists(pattern, directory).paths).toEqual([path]);
});

test('a section that fails is an error', () => {
  const { kind, question } = exists('/x', undefined);
  const [answer] = kind.read({ code: 2, stdout: '', stderr: '' }, [question]);
  expect(String(answer)).toBe('ProbeError: checking whether /x exists failed with exit code 2: no message');
});
