import { chmodSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalProject } from '../../helpers/runner/local-run.ts';

let project: LocalProject;
const { PATH } = process.env;

beforeEach(() => {
  project = new LocalProject().open();
});

afterEach(() => {
  process.env.PATH = PATH;
  project.remove();
});

/** Lets the host find a program of ours first. */
function shim(name: string, script: string): void {
  project.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(project.path('bin', name), 0o755);
  process.env.PATH = `${project.path('bin')}:${PATH}`;
}

async function runs(tasks: string, check: boolean) {
  const { exitCode, results } = await project.run(
    `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
    { check },
  );
  return {
    exitCode,
    ends: results.map(({ status, message }) => [status, message ?? '']),
    last: results.at(-1),
  };
}

describe('a plan fails where applying would, with the same words', () => {
  test.each([
    ['no directory, copy', 'copy: { content: x, dest: DIR/none/x }', 'the directory DIR/none does not exist'],
    [
      'no directory, template',
      'template: { src: DIR/t.j2, dest: DIR/none/x }',
      'the directory DIR/none does not exist',
    ],
    [
      'no owner',
      'copy: { content: x, dest: DIR/x, owner: nobody-here }',
      'there is no user nobody-here on the host',
    ],
    [
      'no group',
      'copy: { content: x, dest: DIR/x, group: nobody-here }',
      'there is no group nobody-here on the host',
    ],
    [
      'no owner of a directory',
      'file: { path: DIR/x, state: directory, owner: nobody-here }',
      'there is no user nobody-here on the host',
    ],
  ])('%s', async (_name, task, words) => {
    project.write('t.j2', 'x');
    const message = words.replace('DIR', project.directory);
    const plan = await runs(`- ${task}`, true);
    expect(plan.exitCode).toBe(2);
    expect(plan.ends).toEqual([['failed', message]]);
    const apply = await runs(`- ${task}`, false);
    expect(apply.exitCode).toBe(2);
    expect(apply.ends).toEqual([['failed', expect.stringContaining(message)]]);
  });

  test('but not where an earlier task makes the directory', async () => {
    const tasks = `
- file: { path: DIR/a/b, state: directory }
- copy: { content: x, dest: DIR/a/b/x }
- copy: { content: x, dest: DIR/a/y }
- copy: { content: x, dest: DIR/new/ , src: null }
`.replace(/^.*src: null.*\n/m, '');
    const plan = await runs(tasks, true);
    expect(plan.exitCode).toBe(0);
    expect(plan.ends.map(([status]) => status)).toEqual(['changed', 'changed', 'changed']);
    const apply = await runs(tasks, false);
    expect(apply.ends.map(([status]) => status)).toEqual(['changed', 'changed', 'changed']);
  });

  test('nor where an earlier one may make the account', async () => {
    const plan = await runs(
      '- user: { name: made-before }\n- copy: { content: x, dest: DIR/x, owner: made-before }',
      true,
    );
    expect(plan.exitCode).toBe(0);
    expect(plan.ends.map(([status]) => status)).toEqual(['changed', 'changed']);
  });

  test('what is as wanted asks nobody', async () => {
    await runs('- copy: { content: x, dest: DIR/x, owner: root }', false);
    const plan = await runs('- copy: { content: x, dest: DIR/x, owner: root }', true);
    expect(plan.ends.map(([status]) => status)).toEqual(['ok']);
  });
});

describe('packages', () => {
  // A host of its own: its lists are ours, and as old as wanted.
  const aptTools = (age: number) => {
    project.write('apt/lists/x_Release', '');
    const then = Date.now() / 1000 - age;
    utimesSync(project.path('apt/lists'), then, then);
    shim('dpkg-query', 'exit 1');
    shim('apt-get', 'echo "E: Unable to locate package $*" >&2; exit 100');
    shim('apt-cache', 'printf "there:\\n  Installed: (none)\\n  Candidate: 1.0\\n"');
    shim(
      'sh',
      `[ "$1" = -s ] || exec /bin/sh "$@"\nsed -u 's#/var/lib/apt/#${project.path('apt')}/#g' | /bin/sh -s`,
    );
  };

  test('that fresh lists do not know fail', async () => {
    aptTools(100);
    const { exitCode, ends } = await runs('- apt: { name: [there, misspelt] }', true);
    expect(exitCode).toBe(2);
    expect(ends).toEqual([['failed', expect.stringContaining('Unable to locate package misspelt')]]);
    expect((await runs('- apt: { name: there }', true)).ends).toEqual([['changed', '']]);
  });

  test.each([
    ['an earlier task may bring', '- command: "true"\n- apt: { name: misspelt }', 100],
    [
      'a repository that an earlier task adds may have',
      '- copy: { content: x, dest: /etc/apt/sources.list.d/provision-test.list }\n- apt: { name: misspelt }',
      100,
    ],
    ['older lists do not know', '- apt: { name: misspelt }', 200_000],
    [
      'lists may know that are fetched first',
      '- apt: { name: misspelt, update_cache: true, cache_valid_time: 60 }',
      4000,
    ],
  ])('that %s are unknown', async (_name, tasks, age) => {
    aptTools(age);
    const { exitCode, last } = await runs(tasks, true);
    expect(exitCode).toBe(0);
    expect(last?.status).toBe('unknown');
    expect(last?.dependsOn?.length).toBeGreaterThan(0);
  });
});
