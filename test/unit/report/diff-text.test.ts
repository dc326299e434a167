import { describe, expect, it } from 'vitest';
import { attributeLines, changeLines } from '../../../src/report/diff-text.ts';
import { paintWith } from '../../../src/report/paint.ts';
import type { Change } from '../../../src/resources/resource.ts';

const plain = paintWith(false);
const textOf = (change: Change, paint = plain): string => changeLines([change], paint).join('\n');

describe('one line for an attribute', () => {
  it.each<[string, Change, string]>([
    ['both sides', { attribute: 'mode', from: '0644', to: '0600' }, 'mode: 0644 -> 0600'],
    ['new', { attribute: 'owner', to: 'root' }, 'owner: root'],
    ['gone', { attribute: 'link', from: '/a' }, 'link: /a -> (none)'],
    ['no values', { attribute: 'state' }, 'state'],
    ['several lines', { attribute: 'key', from: 'a\nb', to: '' }, 'key: "a\\nb" -> (empty)'],
    ['very long', { attribute: 'x', to: 'y'.repeat(300) }, `x: ${'y'.repeat(199)}…`],
  ])('%s', (_name, change, line) => {
    expect(textOf(change)).toBe(line);
  });
});

describe('a unified diff for a text', () => {
  const path = '/etc/a.conf';

  it('has three lines around what differs', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n';
    expect(textOf({ attribute: 'content', text: { path, before, after: before.replace('5', 'five') } })).toBe(
      [
        `--- ${path}`,
        `+++ ${path}`,
        '@@ -2,7 +2,7 @@',
        ' 2',
        ' 3',
        ' 4',
        '-5',
        '+five',
        ' 6',
        ' 7',
        ' 8',
      ].join('\n'),
    );
  });

  it.each<[string, Change, string]>([
    [
      'a new file',
      { attribute: 'state', from: 'absent', to: 'file', text: { path, before: '', after: 'x\n' } },
      '--- /dev/null\n+++ /etc/a.conf\n@@ -0,0 +1 @@\n+x',
    ],
    [
      'a file that goes',
      { attribute: 'state', from: 'file', to: 'absent', text: { path, before: 'x\n', after: '' } },
      '--- /etc/a.conf\n+++ /dev/null\n@@ -1 +0,0 @@\n-x',
    ],
    [
      'a file that was empty',
      { attribute: 'content', from: 'e3b0', to: '2d71', text: { path, before: '', after: 'x\n' } },
      '--- /etc/a.conf\n+++ /etc/a.conf\n@@ -0,0 +1 @@\n+x',
    ],
    [
      'no newline at the end',
      { attribute: 'content', text: { path, before: 'x', after: 'x\n' } },
      '--- /etc/a.conf\n+++ /etc/a.conf\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x',
    ],
    [
      'the same text',
      { attribute: 'content', from: 'a', to: 'b', text: { path, before: 'x', after: 'x' } },
      'content: a -> b',
    ],
  ])('%s', (_name, change, text) => {
    expect(textOf(change)).toBe(text);
  });

  it('is coloured line by line', () => {
    const text = textOf(
      { attribute: 'content', text: { path, before: 'a\n', after: 'b\n' } },
      paintWith(true),
    );
    expect(text).toContain('\u001b[31m-a\u001b[39m');
    expect(text).toContain('\u001b[32m+b\u001b[39m');
  });

  it('gives up on texts that are too different, soon', () => {
    const lines = (seed: number): string =>
      Array.from({ length: 30_000 }, (_, line) => `${(line * 7919 * seed) % 100_003}`).join('\n');
    const began = performance.now();
    const text = textOf({ attribute: 'content', text: { path, before: lines(3), after: lines(5) } });
    expect(text).toContain('too different to show: 30000 lines become 30000');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('is left out where only attributes are wished', () => {
    const change = { attribute: 'content', from: 'aa', to: 'bb', text: { path, before: 'a', after: 'b' } };
    expect(attributeLines([change], plain)).toEqual(['content: aa -> bb']);
  });
});
