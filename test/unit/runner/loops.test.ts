import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('a loop', () => {
  test('of one item that fails ends the host before what is behind it', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: one
      copy: { dest: "DIR/missing/{{ item }}", content: x }
      loop: [p]
    - name: after
      copy: { dest: DIR/after, content: x }
`);
    expect(lines).toEqual(['a one (p) failed']);
    expect(existsSync(project.path('after'))).toBe(false);
  });

  test.each(['DIR/directory', 'DIR/missing/x'])('tries all items when %s fails', async (bad) => {
    const { results } = await project.run(`
- hosts: all
  tasks:
    - file: { path: DIR/directory, state: directory }
    - name: write
      copy: { dest: "{{ item }}", content: x }
      loop: [DIR/p, ${bad}, DIR/q]
`);
    expect(results.slice(1).map(({ status }) => status)).toEqual(['changed', 'failed', 'changed']);
    expect(read('p') + read('q')).toBe('xx');
  });

  test('over one file does its items one after another', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: lines
      lineinfile: { path: DIR/file, line: "{{ item }}", create: true }
      loop: [one, two, three]
`;
    const first = await project.run(plays);
    expect(first.results.map(({ status }) => status)).toEqual(['changed', 'changed', 'changed']);
    expect(read('file')).toBe('one\ntwo\nthree\n');
    expect((await project.run(plays)).changed).toBe(false);
  });

  test('looks again at an item that an earlier one decides over', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: anew
      file: { path: DIR/directory, state: "{{ item }}" }
      loop: [absent, directory]
    - name: made
      shell: "cp DIR/{{ item }} DIR/made 2>/dev/null || touch DIR/made"
      args: { creates: DIR/made }
      loop: [p, q]
`;
    const first = await project.run(plays);
    expect(first.results.map(({ status }) => status)).toEqual(['ok', 'changed', 'changed', 'ok']);
    const second = await project.run(plays);
    expect(second.results.map(({ status }) => status)).toEqual(['changed', 'changed', 'ok', 'ok']);
    expect(existsSync(project.path('directory'))).toBe(true);
  });

  test('in check mode does not call an item ok that an earlier one decides over', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  tasks:
    - name: file
      file: { path: DIR/file, state: "{{ item }}" }
      loop: [touch, absent]
`,
      { check: true },
    );
    expect(lines).toEqual(['a file (touch) changed', 'a file (absent) unknown']);
  });

  test('marks only skipped items as skipped in what it registers', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  tasks:
    - shell: "echo {{ item }}"
      loop: [1, 2]
      when: item == 1
      register: said
    - debug: { msg: x }
      loop: []
      register: empty
    - assert:
        that:
          - said.results | rejectattr('skipped', 'defined') | map(attribute='stdout') | list == ['1']
          - said is not skipped
          - said.skipped == false
          - said.results[0].skipped is not defined
          - empty is skipped
`);
    expect(exitCode).toBe(0);
  });

  test('with no_log shows of a failing item neither its name nor its words', async () => {
    const { events } = await project.run(`
- hosts: all
  vars: { passwords: [hunter22, hunter33] }
  tasks:
    - shell: "echo {{ item }}; exit 1"
      loop: "{{ passwords }}"
      no_log: true
`);
    expect(JSON.stringify(events)).not.toContain('hunter');
  });
});

describe('until', () => {
  test('tries only those items again for which it does not hold yet', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  tasks:
    - shell: "echo x >> DIR/log-{{ item }}; wc -l < DIR/log-{{ item }}"
      register: tried
      until: tried.stdout | int >= item
      retries: 5
      delay: 0
      loop: [1, 3]
    - assert: { that: "tried.results | map(attribute='stdout') | list == ['1', '3']" }
`);
    expect(exitCode).toBe(0);
    expect(read('log-1')).toBe('x\n');
  });

  test('leaves no answer behind that is older than its last try', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  tasks:
    - shell: "echo x >> DIR/count; wc -l < DIR/count"
      register: tried
      until: tried.stdout | int >= 3
      retries: 5
      delay: 0
    - slurp: { src: DIR/count }
      register: count
    - assert: { that: "(count.content | b64decode).splitlines() | length == 3" }
`);
    expect(exitCode).toBe(0);
  });

  test('that never holds keeps what the last try gave', async () => {
    const { exitCode, results } = await project.run(`
- hosts: all
  tasks:
    - name: look
      stat: { path: DIR/nothing }
      register: looked
      until: looked.stat.exists
      retries: 2
      delay: 0
      ignore_errors: true
    - assert: { that: [not looked.stat.exists, looked is failed, looked.attempts == 2] }
`);
    expect(exitCode).toBe(0);
    expect(results[0]?.message).toBe('until did not hold after 3 tries: looked.stat.exists');
  });

  test('sees what failed_when makes of a try', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: fine
      shell: "echo x >> DIR/tries; exit 1"
      register: tried
      until: tried is succeeded
      failed_when: tried.rc > 1
      retries: 3
      delay: 0
`);
    expect(lines).toEqual(['a fine changed']);
    expect(read('tries')).toBe('x\n');
  });
});
