import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

describe('a rescue', () => {
  test('knows nothing of tasks behind the one that failed', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  vars: { known: before }
  tasks:
    - block:
        - name: bad
          copy: { dest: DIR/missing/x, content: x }
        - set_fact: { known: after, later: 1 }
        - copy: { dest: DIR/y, content: x }
          register: written
          notify: handler
        - stat: { path: DIR/z }
          register: looked
        - debug: { msg: x }
          changed_when: true
          notify: handler
      rescue:
        - name: shown
          assert:
            that: [known == 'before', later is not defined, written is not defined, looked is not defined]
  handlers:
    - name: handler
      debug: { msg: x }
`);
    expect(lines).toEqual(['a bad failed', 'a shown ok']);
    expect(exitCode).toBe(0);
  });

  test('three deep: what an inner one cannot save the outer one does, and every always runs', async () => {
    const { lines, exitCode, recap } = await project.run(`
- hosts: all
  tasks:
    - block:
        - block:
            - block:
                - { name: first, command: "false" }
              rescue:
                - { name: ignored, command: "false", ignore_errors: true }
                - { name: second, command: "false" }
              always:
                - { name: inner, debug: { msg: x } }
          rescue:
            - { name: third, copy: { dest: DIR/missing/x, content: x } }
          always:
            - { name: middle, debug: { msg: x } }
      rescue:
        - { name: saved, debug: { msg: "{{ ansible_failed_task.name }}" } }
      always:
        - { name: outer, debug: { msg: x } }
    - { name: 'on', debug: { msg: x } }
`);
    expect(lines).toEqual([
      'a first failed',
      'a ignored failed',
      'a second failed',
      'a inner ok',
      'a third failed',
      'a middle ok',
      'a saved ok',
      'a outer ok',
      'a on ok',
    ]);
    expect(exitCode).toBe(0);
    expect(recap.a).toMatchObject({ failed: 0, rescued: 3, ignored: 1 });
  });

  test('takes over from an always that fails', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  tasks:
    - block:
        - block:
            - { name: fine, debug: { msg: x } }
          always:
            - { name: bad, copy: { dest: DIR/missing/x, content: x } }
      rescue:
        - { name: saved, debug: { msg: x } }
`);
    expect(lines).toEqual(['a fine ok', 'a bad failed', 'a saved ok']);
    expect(exitCode).toBe(0);
  });

  test('takes over from a command that prints without end, and what follows goes on', async () => {
    const { lines, results } = await project.run(`
- hosts: all
  tasks:
    - block:
        - { name: flood, shell: "yes | head -c 60000000" }
      rescue:
        - { name: saved, debug: { msg: x } }
    - name: flooding look
      shell: "yes | head -c 60000000"
      changed_when: false
      check_mode: false
      ignore_errors: true
    - name: still answered
      copy: { dest: DIR/file, content: x }
`);
    expect(lines).toEqual([
      'a flood failed',
      'a saved ok',
      'a flooding look failed',
      'a still answered changed',
    ]);
    expect(results[0]?.message).toMatch(/^the output grew over/);
  });
});

describe('a failed command', () => {
  test('registers what it printed as one that succeeded does', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  tasks:
    - { shell: "echo one; echo two; exit 3", register: said, ignore_errors: true }
    - assert: { that: ["said.stdout_lines == ['one', 'two']", "said.stdout == 'one\\ntwo'", said.rc == 3, said is failed] }
    - { shell: "echo look; exit 4", register: look, changed_when: false, check_mode: false, failed_when: false }
    - assert: { that: ["look.stdout_lines == ['look']", look.rc == 4] }
`);
    expect(exitCode).toBe(0);
  });

  test('may print bytes that are no text, and very long lines', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  tasks:
    - shell: "printf '\\\\377\\\\001ä€ '; head -c 3000000 /dev/zero | tr '\\\\0' x"
      register: said
    - assert: { that: [said.stdout | length > 3000000, "'ä€' in said.stdout"] }
`);
    expect(exitCode).toBe(0);
  });
});

describe('failed_when', () => {
  test('overrules what a resource refuses', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: read
      slurp: { src: DIR/nothing }
      register: read
      failed_when: false
    - name: known
      assert: { that: [read is succeeded, read is not changed, read.content is not defined] }
`);
    expect(lines).toEqual(['a read ok', 'a known ok']);
  });
});

describe('meta: end_play', () => {
  test('lets handlers run and ends all rounds of serial', async () => {
    const { lines, exitCode } = await project.run(
      `
- hosts: all
  serial: 1
  tasks:
    - { name: change, copy: { dest: "DIR/{{ inventory_hostname }}", content: x }, notify: handler }
    - meta: end_play
    - { name: never, debug: { msg: x } }
  handlers:
    - { name: handler, debug: { msg: x } }
- hosts: all
  tasks:
    - { name: next play, debug: { msg: x } }
`,
      { hosts: 2 },
    );
    expect(lines).toEqual(['a change changed', 'a handler ok', 'a next play ok', 'b next play ok']);
    expect(exitCode).toBe(0);
  });
});

describe('a directory that an earlier task makes on its way', () => {
  test('is looked at again', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  tasks:
    - file: { path: DIR/p/q/r, state: directory }
    - file: { path: DIR/p/q, state: directory, mode: "0700" }
    - stat: { path: DIR/p }
      register: above
    - assert: { that: above.stat.exists }
`);
    expect(exitCode).toBe(0);
    expect(existsSync(project.path('state'))).toBe(false);
  });
});
