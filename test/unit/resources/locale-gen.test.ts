import { expect, test } from 'vitest';
import { missingFile } from '../../../src/resources/files/listed-files.ts';
import { localeGen } from '../../../src/resources/locale-gen.ts';

const stat = { ...missingFile('', true).stat, kind: 'file' as const, mode: 0o644 };
const state = (text: string | undefined, present: readonly string[]) => ({
  file: {
    target: '/etc/locale.gen',
    stat,
    content: text === undefined ? undefined : Buffer.from(text),
    contents: true,
  },
  present,
  supported: new Set(['eo.UTF-8']),
});

const table = '# mine\n# de_AT.UTF-8 UTF-8\nen_GB.UTF-8 UTF-8\n# de_AT ISO-8859-1\n';

test.each([
  [
    'new',
    ['de_AT.UTF-8'],
    'present',
    ['C.utf8'],
    '# mine\nde_AT.UTF-8 UTF-8\nen_GB.UTF-8 UTF-8\n# de_AT ISO-8859-1\n',
  ],
  ['not listed', ['eo.UTF-8'], 'present', [], `${table}eo.UTF-8 UTF-8\n`],
  ['gone', ['en_GB.UTF-8'], 'absent', ['en_GB.utf8'], table.replace('en_GB', '# en_GB')],
  ['two', ['de_AT.UTF-8', 'de_AT'], 'present', [], table.replaceAll('# de', 'de')],
] as const)('%s', (_, name, wanted, present, after) => {
  const have = state(table, present);
  const args = { name: [...name], state: wanted };
  expect(localeGen.refuse?.(args, have)).toEqual([]);
  const changes = localeGen.diff(args, have);
  expect(changes.at(-1)?.text?.after).toBe(after);
  const steps = localeGen.steps(args, changes, have);
  expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['file', 'script']));
});

test.each([
  ['there already', ['en_GB.UTF-8'], 'present', ['en_GB.utf8']],
  ['gone already', ['de_AT.UTF-8'], 'absent', ['en_GB.utf8']],
] as const)('%s', (_, name, wanted, present) => {
  expect(localeGen.diff({ name: [...name], state: wanted }, state(table, present))).toEqual([]);
});

test('what glibc does not know is refused, and a host without locales', () => {
  expect(localeGen.refuse?.({ name: ['xx_XX'] }, state(table, []))).toEqual([
    'The following locales you have entered are not available on your system: xx_XX',
  ]);
  expect(localeGen.refuse?.({ name: ['de_AT'] }, state(undefined, []))).toEqual([
    expect.stringContaining('install the package locales'),
  ]);
});
