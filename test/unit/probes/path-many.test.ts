import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { path } from '../../../src/probes/path.ts';
import { sumNames } from '../../../src/probes/path-question.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import { answers, sectionsOf } from '../../helpers/probes/probe-host.ts';
import { FakeHost } from '../../helpers/resources/fake-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

const tools = ['stat', 'readlink', 'base64', 'grep', 'cat', 'find', ...sumNames.map((name) => `${name}sum`)];
const logging = (directory: string) =>
  new FakeHost(directory, Object.fromEntries(tools.map((tool) => [tool, `exec /usr/bin/${tool} "$@"`])));
const commands = (host: FakeHost) => host.calls().map((line) => line.replace(/ .*/, ''));

test('200 paths are one section and four processes', async () => {
  const directory = fresh();
  const host = logging(directory);
  const asks = Array.from({ length: 200 }, (_value, index) => {
    const name = `${directory}/${index}`;
    if (index % 20 === 1) symlinkSync(`${index - 1}`, name);
    else if (index % 3 !== 0) writeFileSync(name, `${index}`);
    const known = { most: 100, unlessSum: sha256(`${index}`) };
    return path(name, { inside: 'conf', sum: 'sha256', text: index % 20 === 1 ? undefined : known });
  });
  expect(sectionsOf(asks)).toHaveLength(1);
  const given = await answers(host, asks);
  expect(commands(host)).toEqual(['sha256sum', 'stat', 'stat', 'readlink']);
  for (const [index, answer] of given.entries()) {
    const link = index % 20 === 1;
    const kind = link ? 'link' : index % 3 === 0 ? 'absent' : 'file';
    expect(answer).toMatchObject({ target: `${directory}/${index}`, stat: { kind } });
    const sum = kind === 'file' ? sha256(`${index}`) : undefined;
    if (!link) expect(answer).toMatchObject({ sum });
  }
});

test.each([
  ['nothing but stat', {}, ['stat']],
  ['a sum', { sum: 'md5' }, ['md5sum', 'stat']],
  ['a known content', { text: { most: 9, unlessSum: sha256('x') } }, ['sha256sum', 'stat']],
  ['contents', { text: { most: 9 } }, ['stat', 'grep', 'base64', 'base64', 'base64']],
  ['contents of keys', { text: { most: 9, secrets: true } }, ['stat', 'base64', 'base64', 'base64']],
  ['contents that are too long', { text: { most: 0 } }, ['stat']],
  ['rights', { access: true, follow: true, leads: true }, ['stat']],
] as const)('three files: %s', async (_name, options, expected) => {
  const directory = fresh();
  const host = logging(directory);
  const asks = ['a', 'b', 'c'].map((name) => {
    writeFileSync(`${directory}/${name}`, 'x');
    return path(`${directory}/${name}`, options);
  });
  await answers(host, asks);
  expect(commands(host)).toEqual(expected);
});

test('paths of any length and number', async () => {
  const directory = fresh();
  const deep = `${directory}/${Array.from({ length: 15 }, () => 'd'.repeat(200)).join('/')}`;
  mkdirSync(deep, { recursive: true });
  const asks = Array.from({ length: 600 }, (_value, index) => {
    writeFileSync(`${deep}/${index}`, `${index}`);
    return path(`${deep}/${index}`, { sum: 'sha1', text: { most: 1000 } });
  });
  expect(sectionsOf(asks)).toHaveLength(2);
  const given = await answers(new ShellHost(), asks);
  expect(given.map((answer) => (answer instanceof ProbeError ? answer : answer.content?.toString()))).toEqual(
    asks.map((_ask, index) => `${index}`),
  );
});
