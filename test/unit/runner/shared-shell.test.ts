import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

test('a command that prints too much takes its shell with it: the lock is taken again before anything else is done', async () => {
  const run = await project.run(`
- hosts: all
  gather_facts: false
  tasks:
    - name: flood
      shell: head -c 40000000 /dev/zero
      changed_when: false
      check_mode: false
      ignore_errors: true
    - name: who has it
      shell: read -r pid rest <DIR/run/holder && kill -0 "$pid" && echo alive
      register: holder
    - name: alive
      assert: { that: "holder.stdout == 'alive'" }
`);
  expect(run.lines).toEqual(['a flood failed', 'a who has it changed', 'a alive ok']);
  expect(readdirSync(project.path('run'))).toEqual([]);
});

test('what a command leaves behind does not print into the answers of what comes after it', async () => {
  const run = await project.run(`
- hosts: all
  gather_facts: false
  tasks:
    - name: leaves a process
      shell: "{ sleep 0.2; echo late; echo late >&2; } &"
      register: left
    - name: slow look
      shell: "sleep 0.5; echo mine {{ left.rc }}"
      changed_when: false
      check_mode: false
      register: seen
    - name: undisturbed
      assert: { that: "seen.stdout == 'mine 0' and seen.stderr == ''" }
`);
  expect(run.lines).toEqual(['a leaves a process changed', 'a slow look ok', 'a undisturbed ok']);
});
