import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replaceText, sectionFault } from '../../../src/resources/files/text-replacement.ts';
import { replace } from '../../../src/resources/replace.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const same = (word: string) => word;

// As re.subn of Python gives it, with re.MULTILINE.
test.each([
  ['a line', 'x = 1\ny = 2\n', { regexp: '^x = .*$', replace: 'x = 3' }, 'x = 3\ny = 2\n', 1],
  ['every line', 'a\na\n', { regexp: '^a$', replace: 'b' }, 'b\nb\n', 2],
  ['groups', 'old.host.name\n', { regexp: '(\\S+)\\.host', replace: '\\1.node' }, 'old.node.name\n', 1],
  ['named groups', 'k=v\n', { regexp: '(?P<k>\\w)=(?P<v>\\w)', replace: '\\g<v>=\\g<k>' }, 'v=k\n', 1],
  ['nothing put there', 'a#b\n', { regexp: '#.*' }, 'a\n', 1],
  ['behind', 'a\n[x]\na\n', { regexp: 'a', replace: 'b', after: '\\[x\\]' }, 'a\n[x]\nb\n', 1],
  ['before', 'a\n[x]\na\n', { regexp: 'a', replace: 'b', before: '\\[x\\]' }, 'b\n[x]\na\n', 1],
  ['between', 'a<a>a', { regexp: 'a', replace: 'b', after: '<', before: '>' }, 'a<b>a', 1],
  ['what is so already', 'b\n', { regexp: 'b', replace: 'b' }, 'b\n', 0],
])('%s', (_, text, want, expected, count) => {
  expect(replaceText(text, want, same)).toEqual({ text: expected, count });
});

test('what stands around it is not there', () => {
  const { text, missed } = replaceText('a\n', { regexp: 'a', after: 'x' }, same);
  expect([text, missed]).toEqual([
    'a\n',
    'Pattern for before/after params did not match the given file: x(?P<subsection>.*)',
  ]);
});

test('an expression that cannot be read', () => {
  expect(sectionFault({ regexp: '(' })).toEqual([expect.stringMatching(/^regexp: /)]);
});

describe('on this machine', () => {
  const fresh = scratch();

  test('a file is edited once', async () => {
    const path = `${fresh()}/f`;
    writeFileSync(path, 'a\na\n');
    const host = new ShellHost();
    const args = { path, regexp: '^a', replace: 'b' };
    const applied = await host.apply(replace, args);
    expect(applied.changes).toEqual([expect.objectContaining({ attribute: 'content' })]);
    expect(applied.result.msg).toBe('2 replacements made');
    expect(readFileSync(path, 'utf8')).toBe('b\nb\n');
    expect((await host.apply(replace, args)).changes).toEqual([]);
  });

  test('a file that is missing is refused', async () => {
    const { refused } = await new ShellHost().plan(replace, { path: `${fresh()}/f`, regexp: 'a' });
    expect(refused).toEqual([expect.stringContaining('does not exist')]);
  });
});
