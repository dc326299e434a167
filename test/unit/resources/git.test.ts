import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../../../src/resources/git.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];

/** A repository with two commits, a tag on the first and a branch `other` on it. */
function repository() {
  const directory = join(fresh(), "it's here");
  mkdirSync(directory);
  const run = (...words: readonly string[]) =>
    execFileSync('git', ['-C', directory, ...who, ...words], { encoding: 'utf8', stdio: 'pipe' }).trim();
  const commit = (text: string) => {
    writeFileSync(join(directory, 'f'), text);
    run('add', 'f');
    run('commit', '-qm', text);
    return run('rev-parse', 'HEAD');
  };
  run('init', '-q', '-b', 'main');
  const first = commit('one');
  run('tag', '-a', 'v1', '-m', 'v1');
  run('branch', 'other');
  return { repo: directory, first, second: commit('two'), commit };
}

test.each([
  ['HEAD', 'two'],
  ['main', 'two'],
  ['other', 'one'],
  ['v1', 'one'],
])('version %s is checked out, and once is enough', async (version, text) => {
  const { repo } = repository();
  const args = { repo, dest: join(fresh(), 'in/tree'), version };
  const applied = await machine.apply(git, args);
  expect(applied.outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
  expect(readFileSync(join(args.dest, 'f'), 'utf8')).toBe(text);
  expect((await machine.apply(git, args)).changes).toEqual([]);
});

test('a tree goes on to what is new, back to a commit, and to another branch', async () => {
  const { repo, first, second, commit } = repository();
  const dest = join(fresh(), 'tree');
  const go = async (version: string) => {
    const { outputs, changes } = await machine.apply(git, { repo, dest, version });
    expect(outputs.every(({ code }) => code === 0)).toBe(true);
    return [changes.length, readFileSync(join(dest, 'f'), 'utf8')];
  };
  expect(await go('HEAD')).toEqual([1, 'two']);
  const third = commit('three');
  const planned = await machine.plan(git, { repo, dest });
  expect(planned.changes).toEqual([
    { attribute: 'commit', from: second.slice(0, 12), to: third.slice(0, 12) },
  ]);
  expect(await go('HEAD')).toEqual([1, 'three']);
  expect(await go(first)).toEqual([1, 'one']);
  expect(await go('main')).toEqual([1, 'three']);
  expect(await go('v1')).toEqual([1, 'one']);
  expect(await go('other')).toEqual([0, 'one']);
});

test('what was changed there is refused, and thrown away by force', async () => {
  const { repo, commit } = repository();
  const dest = join(fresh(), 'tree');
  await machine.apply(git, { repo, dest });
  writeFileSync(join(dest, 'f'), 'mine');
  commit('three');
  expect((await machine.plan(git, { repo, dest })).refused).toEqual([
    `Local modifications exist in the destination: ${dest} (force=no).`,
  ]);
  await machine.apply(git, { repo, dest, force: true });
  expect(readFileSync(join(dest, 'f'), 'utf8')).toBe('three');
});

test('a shallow one, a bare one, one that is not to be fetched or updated', async () => {
  const { repo, commit } = repository();
  const base = fresh();
  await machine.apply(git, { repo: `file://${repo}`, dest: join(base, 'shallow'), depth: 1 });
  expect(existsSync(join(base, 'shallow/.git/shallow'))).toBe(true);
  await machine.apply(git, { repo, dest: join(base, 'bare'), bare: true });
  expect(existsSync(join(base, 'bare/HEAD'))).toBe(true);
  expect((await machine.plan(git, { repo, dest: join(base, 'bare'), bare: true })).changes).toEqual([]);
  expect((await machine.plan(git, { repo, dest: join(base, 'none'), clone: false })).changes).toEqual([]);
  commit('three');
  const kept = { repo, dest: join(base, 'shallow'), update: false };
  expect((await machine.plan(git, kept)).changes).toEqual([]);
});

test('what is no repository is refused', async () => {
  const dest = fresh();
  writeFileSync(join(dest, 'f'), '');
  const { repo } = repository();
  expect((await machine.plan(git, { repo, dest })).refused).toEqual([
    expect.stringContaining('is no repository'),
  ]);
  const missing = { repo: join(dest, 'nowhere'), dest: join(dest, 'x') };
  expect((await machine.plan(git, missing)).refused).toEqual([expect.stringContaining('git could not ask')]);
});
