import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { editIni, type IniWish } from '../../../src/resources/files/ini-edit.ts';
import { iniFile } from '../../../src/resources/ini-file.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const one = { section: 's', option: 'a', values: ['1'] };

// As community.general.ini_file leaves it.
const rows: readonly (readonly [string, string, IniWish, string, string])[] = [
  ['there already', '[s]\na = 1', one, '[s]\na = 1', 'OK'],
  ['another value', '[s]\na = 2', one, '[s]\na = 1', 'option changed'],
  ['other spaces', '[s]\na=1', one, '[s]\na = 1', 'option changed'],
  ['other spaces left alone', '[s]\na=1', { ...one, ignore_spaces: true }, '[s]\na=1', 'OK'],
  ['no spaces', '[s]\na = 2', { ...one, no_extra_spaces: true }, '[s]\na=1', 'option changed'],
  ['missing, before blank lines', '[s]\nb = 1\n\n[t]', one, '[s]\nb = 1\na = 1\n\n[t]', 'option added'],
  ['missing section', '[t]\na = 2', one, '[t]\na = 2\n[s]\na = 1', 'section and option added'],
  ['only a section', '', { section: 's', values: [] }, '[s]', 'only section added'],
  ['behind a mark', '[s]\n#a = 2', one, '[s]\na = 1', 'option changed'],
  [
    'a mark left alone',
    '[s]\n;a = 2',
    { ...one, modify_inactive_option: false },
    '[s]\na = 1\n;a = 2',
    'option added',
  ],
  [
    'before all sections',
    'a = 2\n[s]\na = 2',
    { option: 'a', values: ['1'] },
    'a = 1\n[s]\na = 2',
    'option changed',
  ],
  ['several, exclusive', '[s]\na = 3\na = 1', one, '[s]\na = 1', 'option changed'],
  ['several', '[s]\na = 3', { ...one, exclusive: false }, '[s]\na = 3\na = 1', 'option added'],
  ['several values', '[s]\na = 9', { ...one, values: ['1', '2'] }, '[s]\na = 1\na = 2', 'option added'],
  [
    'no value',
    '[s]',
    { section: 's', option: 'a', values: [], allow_no_value: true },
    '[s]\na',
    'option added',
  ],
  ['a longer name', '[s]\nab = 2', one, '[s]\nab = 2\na = 1', 'option added'],
  ['gone', '[s]\na = 3\nb = 1', { ...one, values: [], state: 'absent' }, '[s]\nb = 1', 'option changed'],
  ['gone already', '[s]\nb = 1', { ...one, values: [], state: 'absent' }, '[s]\nb = 1', 'OK'],
  [
    'one value gone',
    '[s]\na = 3\na = 1',
    { ...one, state: 'absent', exclusive: false },
    '[s]\na = 3',
    'option changed',
  ],
  [
    'section gone',
    '[s]\na = 1\n[t]\nb = 2',
    { section: 's', values: [], state: 'absent' },
    '[t]\nb = 2',
    'section removed',
  ],
];

test.each(rows)('%s', (_, text, want, expected, said) => {
  const before = text === '' ? [] : text.split('\n');
  expect(editIni(before, want)).toEqual({ lines: expected.split('\n'), said });
});

describe('on this machine', () => {
  const fresh = scratch();
  const host = new ShellHost();

  test('a file is made, and edited once', async () => {
    const path = `${fresh()}/in/f.ini`;
    const args = { path, section: 'main', option: 'color', value: 'auto', mode: '0600' };
    expect((await host.apply(iniFile, args)).result.msg).toBe('section and option added');
    expect(readFileSync(path, 'utf8')).toBe('[main]\ncolor = auto\n');
    expect((await host.apply(iniFile, args)).changes).toEqual([]);
  });

  test('a missing file stays missing', async () => {
    const path = `${fresh()}/f`;
    const gone = await host.plan(iniFile, { path, section: 's', option: 'a', state: 'absent' });
    expect([gone.refused, gone.changes]).toEqual([[], []]);
    const { refused } = await host.plan(iniFile, { path, option: 'a', value: '1', create: false });
    expect(refused).toEqual([expect.stringContaining('does not exist')]);
  });

  test('an option without a value is refused', async () => {
    const path = `${fresh()}/f`;
    writeFileSync(path, '');
    const { refused } = await host.plan(iniFile, { path, option: 'a' });
    expect(refused).toEqual([expect.stringContaining('allow_no_value')]);
  });
});
