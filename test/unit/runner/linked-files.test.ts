import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = () => readFileSync(project.path('real/file'), 'utf8');

beforeEach(() => {
  mkdirSync(project.path('real'));
  writeFileSync(project.path('real/file'), 'one\n');
  symlinkSync('real/file', project.path('link'));
  symlinkSync('real', project.path('directory'));
});

// All that can be asked is asked before the first change: an answer by another name is stale after it.
const play = (...tasks: readonly string[]) => `
- hosts: all
  tasks:
${tasks.map((task) => `    - ${task}\n`).join('')}`;

test.each([
  ['real/file', 'link'],
  ['link', 'real/file'],
  ['directory/file', 'real/file'],
])('what is changed as %s is read anew as %s', async (one, other) => {
  const run = await project.run(
    play(
      'stat: { path: DIR/link }',
      'stat: { path: DIR/directory }',
      `lineinfile: { path: DIR/${one}, line: two }`,
      `slurp: { src: DIR/${other} }\n      register: seen`,
      `copy: { content: "{{ seen.content | b64decode }}", dest: DIR/copy }`,
    ),
  );
  expect(run.exitCode).toBe(0);
  expect(readFileSync(project.path('copy'), 'utf8')).toBe('one\ntwo\n');
});

test('a file is edited by two names', async () => {
  const run = await project.run(
    play('lineinfile: { path: DIR/real/file, line: two }', 'lineinfile: { path: DIR/link, line: three }'),
  );
  expect(run.exitCode).toBe(0);
  expect(read()).toBe('one\ntwo\nthree\n');
});

test('a plan does not know what will be at the other name', async () => {
  const plan = await project.run(
    play(
      'name: file\n      lineinfile: { path: DIR/real/file, line: two }',
      'name: link\n      lineinfile: { path: DIR/link, line: two }',
    ),
    { check: true },
  );
  expect(plan.lines).toEqual(['a file changed', 'a link unknown']);
  expect(read()).toBe('one\n');
});
