import { describe, expect, test } from 'vitest';
import { refusals } from '../../../src/planner/item-plan.ts';
import type { FileStat } from '../../../src/probes/file-stat.ts';
import { blockinfile } from '../../../src/resources/blockinfile.ts';
import type { EditedFileState } from '../../../src/resources/files/edited-file.ts';
import { lineinfile } from '../../../src/resources/lineinfile.ts';
import { prepared } from '../../helpers/resources/shell-host.ts';

const file: FileStat = {
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 1,
  links: 1,
  inode: 1,
  device: 1,
  accessed: 0,
  modified: 0,
  statusChanged: 0,
};

function state(content: string | Buffer | undefined): EditedFileState {
  return {
    target: '/f',
    stat: content === undefined ? { ...file, kind: 'absent' } : file,
    content: content === undefined ? undefined : Buffer.from(content),
    contents: true,
  };
}

function edit(resource: typeof lineinfile | typeof blockinfile, args: object, before: string | undefined) {
  const want = prepared(resource, { path: '/f', ...args }) as never;
  const have = state(before);
  const refused = refusals(resource, want, have);
  if (refused.length > 0) return refused;
  const [change] = resource.diff(want, have);
  return change ? change.text?.after : before;
}

describe('lineinfile', () => {
  const line = (args: object, before: string | undefined) => edit(lineinfile, args, before);

  test.each([
    ['adds at the end', { line: 'c' }, 'a\nb\n', 'a\nb\nc\n'],
    ['ends the last line first', { line: 'c' }, 'a\nb', 'a\nb\nc\n'],
    ['leaves a line that is there', { line: 'b' }, 'a\nb', 'a\nb'],
    ['replaces the last match', { regexp: '^k=', line: 'k=2' }, 'k=0\nx\nk=1\n', 'k=0\nx\nk=2\n'],
    [
      'replaces the first match',
      { regexp: '^k=', line: 'k=2', firstmatch: true },
      'k=0\nx\nk=1\n',
      'k=2\nx\nk=1\n',
    ],
    ['adds when nothing matches', { regexp: '^k=', line: 'k=2' }, 'x\n', 'x\nk=2\n'],
    ['does not double a line that its expression misses', { regexp: '^#k', line: 'k' }, 'k\nx\n', 'k\nx\n'],
    ['finds by text', { search_string: 'a.b', line: 'new' }, 'axb\na.b\n', 'axb\nnew\n'],
    ['puts after a match', { line: 'n', insertafter: '^a' }, 'a1\na2\nz\n', 'a1\na2\nn\nz\n'],
    [
      'puts after the first match',
      { line: 'n', insertafter: '^a', firstmatch: true },
      'a1\na2\nz\n',
      'a1\nn\na2\nz\n',
    ],
    ['puts before a match', { line: 'n', insertbefore: '^a' }, 'a1\na2\nz\n', 'a1\nn\na2\nz\n'],
    ['puts at the beginning', { line: 'n', insertbefore: 'BOF' }, 'a\n', 'n\na\n'],
    ['puts at the end when the place is not found', { line: 'n', insertafter: '^q' }, 'a\n', 'a\nn\n'],
    [
      'puts groups in',
      { regexp: '^(\\w+)=(?P<v>.*)', line: '\\1 = \\g<v>', backrefs: true },
      'k=1\n',
      'k = 1\n',
    ],
    [
      'leaves all alone without a match for groups',
      { regexp: '^q(.)', line: '\\1', backrefs: true },
      'k\n',
      'k\n',
    ],
    ['ignores case', { regexp: '(?i)^KEY', line: 'new' }, 'key\n', 'new\n'],
    ['keeps dollars literal', { regexp: '^k', line: "$& $1 $'" }, 'k\n', "$& $1 $'\n"],
    ['makes the file', { line: 'a', create: true }, undefined, 'a\n'],
    ['removes matches', { regexp: '^#', state: 'absent' }, '#a\nb\n#c\n', 'b\n'],
    ['removes a line', { line: 'b', state: 'absent' }, 'a\nb\nb\nc', 'a\nc'],
    ['removes the last line', { line: 'c', state: 'absent' }, 'a\nc', 'a\n'],
    ['removes by text', { search_string: '.', state: 'absent' }, 'a.\nb\n', 'b\n'],
    ['removes from nothing', { line: 'b', state: 'absent' }, undefined, undefined],
    ['does not touch Windows line ends', { line: 'a' }, 'a\r\nb\r\n', 'a\r\nb\r\n'],
  ])('%s', (_name, args, before, after) => {
    expect(line(args, before)).toBe(after);
    if (typeof after === 'string') expect(line(args, after)).toBe(after);
  });

  test.each([
    [{ line: 'a' }, undefined, /does not exist on the host.*create/],
    [{ regexp: '(', line: 'a' }, 'x', /^regexp: /],
    [{ regexp: 'a' }, 'x', /needs line/],
    [{ line: 'a', backrefs: true }, 'x', /needs regexp/],
    [{ line: 'a', validate: "test 'x %s" }, 'x', /not closed/],
  ])('refuses %j', (args, before, message) => {
    expect(String(line(args, before))).toMatch(message);
  });

  test('keeps bytes that are no UTF-8', () => {
    const before = Buffer.from([0x61, 0xff, 0x0a]);
    const want = prepared(lineinfile, { path: '/f', line: 'ż' }) as never;
    const step = lineinfile.steps(want, lineinfile.diff(want, state(before)), state(before)).at(-1);
    const written = Buffer.concat([before, Buffer.from('ż\n')]).toString('base64');
    expect(step?.kind === 'file' && Buffer.from(step.content).toString('base64')).toBe(written);
  });

  test('shows no private key in a diff', () => {
    const want = prepared(lineinfile, { path: '/f', line: 'x' }) as never;
    const [change] = lineinfile.diff(want, state('-----BEGIN PRIVATE KEY-----\n'));
    expect(change).toEqual({ attribute: 'content' });
  });
});

describe('blockinfile', () => {
  const block = (args: object, before: string | undefined) => edit(blockinfile, args, before);
  const [begin, end] = ['# BEGIN ANSIBLE MANAGED BLOCK', '# END ANSIBLE MANAGED BLOCK'];

  test.each([
    ['adds at the end', { block: 'x\ny' }, 'a', `a\n${begin}\nx\ny\n${end}\n`],
    ['replaces in place', { block: 'new' }, `a\n${begin}\nold\n${end}\nz\n`, `a\n${begin}\nnew\n${end}\nz\n`],
    ['removes', { state: 'absent' }, `a\n${begin}\nold\n${end}\nz\n`, 'a\nz\n'],
    ['removes when empty', { block: '' }, `${begin}\nold\n${end}\nz\n`, 'z\n'],
    ['leaves a file without a block', { state: 'absent' }, 'a', 'a'],
    ['puts after a match', { block: 'x', insertafter: '^a' }, 'a\nz\n', `a\n${begin}\nx\n${end}\nz\n`],
    ['puts at the beginning', { block: 'x', insertbefore: 'BOF' }, 'a\n', `${begin}\nx\n${end}\na\n`],
    ['makes the file', { block: 'x\n', create: true }, undefined, `${begin}\nx\n${end}\n`],
    ['takes other markers', { block: 'x', marker: '// {mark} $&' }, '', '// BEGIN $&\nx\n// END $&\n'],
    [
      'names several blocks apart',
      { block: 'x', marker_begin: 'two', marker_end: 'owt' },
      `${begin}\n1\n${end}\n`,
      `${begin}\n1\n${end}\n# two ANSIBLE MANAGED BLOCK\nx\n# owt ANSIBLE MANAGED BLOCK\n`,
    ],
  ])('%s', (_name, args, before, after) => {
    expect(block(args, before)).toBe(after);
    expect(block(args, after)).toBe(after);
  });

  test.each([
    [{ block: 'x' }, undefined, /does not exist/],
    [{ block: 'x', marker_begin: 'A', marker_end: 'A' }, '', /must differ/],
    [{ block: 'x', insertafter: '[' }, '', /^insertafter: /],
  ])('refuses %j', (args, before, message) => {
    expect(String(block(args, before))).toMatch(message);
  });

  test.each([
    [{ marker: 'no mark here' }, /marker/],
    [{ insertafter: 'a', insertbefore: 'b' }, /only one of/],
  ])('its schema refuses %j', (args, message) => {
    expect(() => prepared(blockinfile, { path: '/f', ...args })).toThrow(message);
  });
});
