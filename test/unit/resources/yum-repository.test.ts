import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRepositories, writtenRepositories } from '../../../src/resources/managers/repository-file.ts';
import { yumRepository } from '../../../src/resources/yum-repository.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const epel = { name: 'epel', description: 'Extra', baseurl: ['http://a', 'http://b'], gpgcheck: false };
const written = `[epel]
baseurl = http://a
\thttp://b
gpgcheck = 0
name = Extra

`;

test('a repository is written as Ansible writes it, once, and taken away with its file', async () => {
  const reposdir = fresh();
  const { changes, result } = await machine.apply(yumRepository, { ...epel, reposdir, mode: '0640' });
  expect(changes.map(({ attribute, to }) => [attribute, to])).toEqual([
    ['state', 'file'],
    ['mode', '0640'],
  ]);
  expect(result).toEqual({ repo: 'epel', state: 'present' });
  expect(readFileSync(`${reposdir}/epel.repo`, 'utf8')).toBe(written);
  expect((await machine.apply(yumRepository, { ...epel, reposdir })).changes).toEqual([]);
  const gone = { name: 'epel', state: 'absent', reposdir };
  expect((await machine.apply(yumRepository, gone)).changes).toMatchObject([{ from: 'file', to: 'absent' }]);
  expect(existsSync(`${reposdir}/epel.repo`)).toBe(false);
  expect((await machine.apply(yumRepository, gone)).changes).toEqual([]);
});

test('others of the file stay, and one that is right is left with its comments', async () => {
  const reposdir = fresh();
  const file = `${reposdir}/more.repo`;
  const args = { ...epel, file: 'more', reposdir };
  writeFileSync(file, `# mine\n[other]\nName: Other\nenabled=1\n\n${written}`);
  expect((await machine.apply(yumRepository, args)).changes).toEqual([]);
  const { changes } = await machine.apply(yumRepository, { ...args, exclude: ['a', 'b'], gpgcheck: true });
  expect(changes).toMatchObject([{ attribute: 'content', text: { path: file } }]);
  expect(readFileSync(file, 'utf8')).toBe(
    `[other]\nname = Other\nenabled = 1\n\n${written.replace('gpgcheck = 0', 'exclude = a b\ngpgcheck = 1')}`,
  );
  await machine.apply(yumRepository, { name: 'epel', file: 'more', state: 'absent', reposdir });
  expect(readFileSync(file, 'utf8')).toBe('[other]\nname = Other\nenabled = 1\n\n');
});

test('a file with a password is not shown', async () => {
  const reposdir = fresh();
  const { changes } = await machine.apply(yumRepository, { ...epel, password: 'secret', reposdir });
  expect(JSON.stringify(changes)).not.toContain('secret');
  const later = await machine.apply(yumRepository, { ...epel, reposdir });
  expect(later.changes).toHaveLength(1);
  expect(JSON.stringify(later.changes)).not.toContain('secret');
});

test.each([
  [{ reposdir: '/nowhere/at/all' }, '', /the directory \/nowhere\/at\/all does not exist on the host/],
  [{}, 'a = b\n', /is no list of repositories: line 1 stands in no section/],
  [{}, '[a]\n[a]\n', /line 2 begins the section a again/],
  [{}, '[a]\nnothing\n', /line 2 is neither a section nor an option/],
  [{}, '[a]\nb=1\nB=2\n', /line 3 gives b again/],
  [{ baseurl: undefined }, '', /one of 'baseurl', 'metalink' and 'mirrorlist' is required/],
  [{ description: undefined }, '', /description: it is required/],
])('refuses %j with %j', async (more, content, message) => {
  const reposdir = fresh();
  if (content !== '') writeFileSync(`${reposdir}/epel.repo`, content);
  const args = Object.fromEntries(
    Object.entries({ ...epel, reposdir, ...more }).filter(([, value]) => value !== undefined),
  );
  expect((await machine.plan(yumRepository, args)).refused.join()).toMatch(message);
});

test('a file is read as configparser reads it', () => {
  const { sections } = readRepositories(
    '; c\n[One Two]\nURL = http://x/?a=b\n\n  more\n\n# c\n[b]\nempty=\nc: d ; e\n',
  );
  expect(writtenRepositories(sections)).toBe(
    '[One Two]\nurl = http://x/?a=b\n\t\n\tmore\n\n[b]\nempty = \nc = d ; e\n\n',
  );
});
