import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const play = (...tasks: readonly string[]) =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;

test('each host has a tree of its own; a second run has nothing to do', async () => {
  project.write('x', 'one\n');
  const text = play('{ name: Fetch, fetch: { src: DIR/x, dest: got } }');
  const planned = await project.run(text, { hosts: 2, check: true });
  expect(planned.lines).toEqual(['a Fetch changed', 'b Fetch changed']);
  expect(existsSync(project.path('got'))).toBe(false);
  expect((await project.run(text, { hosts: 2 })).lines.toSorted()).toEqual([
    'a Fetch changed',
    'b Fetch changed',
  ]);
  for (const host of ['a', 'b'])
    expect(readFileSync(project.path('got', host, project.directory, 'x'), 'utf8')).toBe('one\n');
  expect((await project.run(text, { hosts: 2 })).lines).toEqual(['a Fetch ok', 'b Fetch ok']);
});

test('what was fetched is there for the tasks behind it, however often it is fetched', async () => {
  project.write('x', 'one\n');
  const copied = '{ name: Copy, copy: { src: "{{ \'DIR/got/x\' }}", dest: DIR/y } }';
  const fetched = '{ name: Fetch, fetch: { src: DIR/x, dest: DIR/got/, flat: true } }';
  const { lines } = await project.run(
    play(fetched, copied, '{ name: Alter, copy: { content: two, dest: DIR/x } }', fetched, copied),
  );
  expect(lines.map((line) => line.split(' ').at(-1))).toEqual(Array(5).fill('changed'));
  expect(readFileSync(project.path('y'), 'utf8')).toBe('two');
});

test('a key is for its owner alone, and never in the output', async () => {
  project.write('key', '-----BEGIN PRIVATE KEY-----\nsecret\n');
  const { events } = await project.run(
    play('{ name: Fetch, fetch: { src: DIR/key, dest: DIR/got, flat: true }, register: it }'),
    { diff: true },
  );
  expect(statSync(project.path('got')).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('what is registered is what Ansible registers', async () => {
  project.write('x', 'one\n');
  const fetched = '{ name: Fetch, fetch: { src: DIR/x, dest: DIR/got, flat: true } }';
  const first = await project.run(play(fetched));
  const md5sum = '5bbf5a52328e7439ae6e719dfe712200';
  const dest = project.path('got');
  expect(first.results[0]?.result).toMatchObject({ dest, md5sum, remote_md5sum: null });
  const second = await project.run(play(fetched));
  expect(second.results[0]?.result).toMatchObject({ dest, md5sum, file: project.path('x') });
});

test.each([
  ['missing', '', 'failed', 'the remote file does not exist'],
  ['missing', ', fail_on_missing: false', 'ok', 'the remote file does not exist, not transferring, ignored'],
  ['folder', '', 'failed', 'remote file is a directory, fetch cannot work on directories'],
  ['x', ', flat: true', 'failed', /is a directory on the control node: end dest with \//],
])('%s%s: %s', async (name, more, status, message) => {
  mkdirSync(project.path('folder'));
  mkdirSync(project.path('got'));
  project.write('x', 'x');
  const { results } = await project.run(
    play(`{ name: Fetch, fetch: { src: DIR/${name}, dest: DIR/got${more} } }`),
  );
  expect(results[0]).toMatchObject({ status });
  expect(JSON.stringify(results[0])).toMatch(message);
});
