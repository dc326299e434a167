import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');
const ends = (lines: readonly string[], task: string) =>
  lines.filter((line) => line.includes(` ${task} `)).sort();

test('what is set belongs to the other host, and everybody finds it behind the task', async () => {
  const { lines, exitCode } = await project.run(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: slow, shell: sleep 0.3, when: inventory_hostname == 'c' }
    - name: set
      set_fact: { "from_{{ inventory_hostname }}": "{{ inventory_hostname }}", last: x }
      delegate_to: b
      delegate_facts: true
    - name: there
      assert: { that: ["from_a + from_b + from_c == 'abc'"] }
      when: inventory_hostname == 'b'
    - name: all
      assert: { that: ["hostvars.b['from_' ~ 'c'] == 'c'"] }
    - name: not here
      assert: { that: [from_a is not defined, last is not defined] }
      when: inventory_hostname != 'b'
- hosts: b
  gather_facts: false
  tasks:
    - { name: later, copy: { content: "{{ from_a }}{{ last }}", dest: DIR/later } }
`,
    { hosts: 3 },
  );
  expect(ends(lines, 'all')).toEqual(['a all ok', 'b all ok', 'c all ok']);
  expect(ends(lines, 'not here')).toEqual(['a not here ok', 'b not here skipped', 'c not here ok']);
  expect([read('later'), exitCode]).toEqual(['ax', 0]);
});

test('a host that no play is about keeps what it was given', async () => {
  const { exitCode } = await project.run(`
- hosts: all
  gather_facts: false
  tasks:
    - { set_fact: { given: "by {{ inventory_hostname }}" }, delegate_to: localhost, delegate_facts: true }
    - { setup: { gather_subset: "!all" }, delegate_to: localhost, delegate_facts: true }
- hosts: all
  gather_facts: false
  tasks:
    - copy:
        content: "{{ hostvars.localhost.given }} {{ hostvars['localhost'].ansible_facts.system }} {{ given is defined }}"
        dest: DIR/seen
`);
  expect([read('seen'), exitCode]).toEqual(['by a Linux False', 0]);
});

test('facts that are gathered on another host are its own', async () => {
  const { lines, exitCode } = await project.run(
    `
- hosts: a
  gather_facts: false
  tasks:
    - { name: gather, setup: {}, delegate_to: b, delegate_facts: true, register: found }
    - name: use
      assert: { that: ["hostvars['b'].ansible_facts.system == 'Linux'", "hostvars['b'].ansible_system == 'Linux'"] }
`,
    { hosts: 2 },
  );
  expect([ends(lines, 'use'), exitCode]).toEqual([['a use ok'], 0]);
});

test('a plan does not know what depends on what is not known', async () => {
  const { lines } = await project.run(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: make, command: echo x, register: made }
    - { name: set, set_fact: { given: "{{ made.stdout }}" }, delegate_to: b, delegate_facts: true }
    - { name: use, copy: { content: "{{ hostvars.b.given }}", dest: DIR/used } }
`,
    { hosts: 2, check: true },
  );
  expect(ends(lines, 'use')).toEqual(['a use unknown', 'b use unknown']);
});

test('a plan knows what was set for another host', async () => {
  const { lines } = await project.run(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: set, set_fact: { given: x }, delegate_to: b, delegate_facts: true, run_once: true }
    - { name: use, assert: { that: "hostvars.b.given == 'x'" } }
`,
    { hosts: 2, check: true },
  );
  expect(ends(lines, 'use')).toEqual(['a use ok', 'b use ok']);
});
