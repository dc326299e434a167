import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalProject } from './local-run.ts';

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.remove());

test('setup as a task learns facts anew', async () => {
  const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: before
      set_fact: { before: "{{ ansible_facts.date_time.epoch }}" }
    - name: a while
      command: sleep 1.1
    - name: again
      setup:
    - name: later
      assert: { that: "ansible_facts.date_time.epoch | int > before | int" }
`);
  expect(lines.slice(1)).toEqual(['a a while changed', 'a again ok', 'a later ok']);
});
