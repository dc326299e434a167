import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

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

test('a fact that a task writes is known after setup, by all its names', async () => {
  const { lines, results } = await project.run(`
- hosts: all
  tasks:
    - name: without
      assert: { that: "ansible_local.log_x.a | default('none') == 'none' and ansible_local is mapping" }
    - name: write
      copy: { dest: DIR/log_x.fact, content: '{"a": [1, 2]}' }
    - name: again
      setup: { fact_path: DIR }
    - name: by each name
      debug:
        msg:
          - "{{ ansible_local.log_x.a }}"
          - "{{ ansible_facts.local.log_x.a }}"
          - "{{ ansible_facts['ansible_local'].log_x.a }}"
          - "{{ hostvars[inventory_hostname].ansible_local.log_x.a }}"
`);
  expect(lines).toEqual(['a without ok', 'a write changed', 'a again ok', 'a by each name ok']);
  expect(results.at(-1)?.result?.msg).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
});
