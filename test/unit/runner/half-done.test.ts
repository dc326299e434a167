import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { treeOf } from '../../helpers/resources/file-tree.ts';
import { emptyProject, type LocalRun } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

// One of every kind: made, replaced, edited, linked, removed, looped, in a block, run once, noticed by handlers.
const tasks = `
- { name: makes a directory, file: { path: DIR/on/etc, state: directory, mode: "0750" } }
- { name: writes a file, copy: { dest: DIR/on/etc/one, content: "one\\n", mode: "0600" }, notify: reads again }
- { name: sets a line, lineinfile: { path: DIR/on/lines, line: two } }
- { name: sets a block, blockinfile: { path: DIR/on/lines, block: three } }
- { name: replaces a file, template: { src: DIR/t.j2, dest: DIR/on/old }, notify: [reads again, counts] }
- { name: links, file: { path: DIR/on/link, state: link, src: etc/one } }
- { name: removes, file: { path: DIR/on/gone, state: absent }, notify: counts }
- { name: goes round, copy: { dest: "DIR/on/etc/{{ item }}", content: "{{ item }}" }, loop: [a, b, c] }
- name: a block
  block:
    - { name: in a block, copy: { dest: DIR/on/etc/d, content: d } }
    - { name: in a block too, file: { path: DIR/on/etc/d, mode: "0604" } }
- { name: runs once, command: { cmd: touch DIR/on/ran, creates: DIR/on/ran } }
- { name: sets an option, ini_file: { path: DIR/on/etc/ini, section: s, option: o, value: "1" } }
- { name: the last, replace: { path: DIR/on/count, regexp: first, replace: zeroth } }
`
  .trim()
  .split(/\n(?=- )/);

const handlers = `  handlers:
    - { name: reads again, copy: { dest: DIR/on/read, content: read } }
    - { name: counts, lineinfile: { path: DIR/on/count, line: counted, create: true } }
`;

function play(words: string, list: readonly string[]): string {
  return `- hosts: all${words}\n  gather_facts: false\n  tasks:\n${list.join('\n').replace(/^/gm, '    ')}\n${handlers}`;
}

const changed = ({ results }: LocalRun) =>
  results
    .filter(({ status }) => status === 'changed' || status === 'unknown')
    .map(({ name, item }) => `${name} ${item ?? ''}`)
    .sort();

const every = Array.from({ length: tasks.length + 1 }, (_, done) => done);

describe.each([
  ['a play that keeps what it did', '', every],
  // What it did is put back, so each of these begins from the start.
  ['a play with rollback: always', '\n  rollback: always', [0, 7, tasks.length]],
] as const)('%s', (_name, words, prefixes) => {
  test.each(prefixes)(
    'ended after %i tasks: the plan touches nothing and lists what the next apply does; after that nothing is left',
    async (done) => {
      for (const name of ['old', 'gone', 'lines', 'count']) project.write(`on/${name}`, 'first\n');
      project.write('t.j2', 'fresh\n');
      const failing = [...tasks.slice(0, done), '- { name: fails, command: "false" }'];
      expect((await project.run(play(words, failing))).exitCode).toBe(2);
      const before = treeOf(project.path('on'));
      const plan = await project.run(play(words, tasks), { check: true });
      expect(plan.exitCode).toBe(0);
      expect(treeOf(project.path('on'))).toEqual(before);
      const apply = await project.run(play(words, tasks));
      expect(apply.exitCode).toBe(0);
      expect(changed(plan)).toEqual(changed(apply));
      expect(readFileSync(project.path('on/read'), 'utf8')).toBe('read');
      expect(readFileSync(project.path('on/count'), 'utf8')).toBe('zeroth\ncounted\n');
      const again = await project.run(play(words, tasks));
      expect([again.exitCode, changed(again)]).toEqual([0, []]);
    },
  );
});
