import { expect, test } from 'vitest';
import { path } from '../../../src/probes/path.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import { sectionsOf } from '../../helpers/probes/probe-host.ts';

const [first] = sectionsOf([path('/a', { sum: 'sha256', text: { most: 1000 } }), path('/b')]);
const read = (stdout: string, stderr: string, code = 0) =>
  first?.asked[0]?.kind.read(
    { stdout, stderr, code },
    first.asked.map(({ question }) => question),
  );
const line = (name: string) => `81a4 0 0 1 1 1 1 1 1 1 root\troot\t${name}\n`;

test.each([
  ['nothing', '', ''],
  ['a program that broke off', `stat ${line('/a')}\0`, 'sh: killed\n'],
  ['noise', 'done\0', 'noise\0noise\0done\0'],
  ['no stat', 'stat \0done\0', 'sh: stat: not found\nstat\0done\0'],
  ['a line cut short', 'stat 81a4 0\t\t/a\nzz\troot\t/b\n\0done\0', 'stat\0done\0'],
])('%s: an error for each question', (_name, stdout, stderr) => {
  expect(read(stdout, stderr, 127)).toEqual([expect.any(ProbeError), expect.any(ProbeError)]);
});

test('errors are about their own path', () => {
  const [a, b] =
    read(`stat ${line('/b')}\0done\0`, "stat: cannot statx '/a': Input/output error\nstat\0done\0") ?? [];
  expect(a).toEqual(new ProbeError("cannot check /a: stat: cannot statx '/a': Input/output error"));
  expect(b).toMatchObject({ stat: { kind: 'file' } });
  const [unsummed, other] = read(`stat ${line('/a')}${line('/b')}\0done\0`, 'stat\0done\0') ?? [];
  expect(unsummed).toEqual(new ProbeError('/a could not be read: sha256sum gave no sum'));
  expect(other).toMatchObject({ stat: { kind: 'file' } });
});

test('a key that came all the same is thrown away', () => {
  const sums = `sha256 ${'0'.repeat(64)}  /a\n\0`;
  const content = `content 0_0 ${Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')}\n 0\0`;
  const [a] = read(`${sums}stat ${line('/a')}${line('/b')}\0${content}done\0`, 'stat\0done\0') ?? [];
  expect(a).toMatchObject({ sum: '0'.repeat(64), content: undefined });
});
