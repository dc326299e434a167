import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('several hosts', () => {
  test('a value that another host registers is waited for', async () => {
    const { lines, exitCode } = await project.run(
      `
- hosts: all
  tasks:
    - name: slow
      shell: "sleep 0.3; echo from {{ inventory_hostname }}"
      register: said
      when: inventory_hostname == 'b'
    - name: use
      assert: { that: "hostvars['b'].said.stdout == 'from b'" }
`,
      { hosts: 3 },
    );
    expect(lines.filter((line) => line.endsWith('use ok')).sort()).toEqual([
      'a use ok',
      'b use ok',
      'c use ok',
    ]);
    expect(exitCode).toBe(0);
  });

  test('run_once runs on one host and gives its result to all', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  tasks:
    - name: once
      shell: "echo x >> DIR/once; cat DIR/once"
      register: said
      run_once: true
    - name: use
      assert: { that: "said.stdout == 'x'" }
`,
      { hosts: 3 },
    );
    expect(lines.filter((line) => line.includes('once'))).toEqual(['a once changed']);
    expect(lines.filter((line) => line.endsWith('use ok'))).toHaveLength(3);
    expect(read('once')).toBe('x\n');
  });

  test('serial takes them in rounds', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  serial: 1
  tasks:
    - name: one
      debug: { msg: x }
    - name: two
      debug: { msg: x }
`,
      { hosts: 2 },
    );
    expect(lines).toEqual(['a one ok', 'a two ok', 'b one ok', 'b two ok']);
  });

  test('delegate_to asks and changes the other host', async () => {
    const { lines } = await project.run(
      `
- hosts: a
  tasks:
    - name: there
      copy: { dest: "DIR/from-{{ inventory_hostname }}", content: x }
      delegate_to: b
    - name: here
      command: "true"
      delegate_to: localhost
`,
      { hosts: 2 },
    );
    expect(lines).toEqual(['a there changed', 'a here changed']);
    expect(read('from-a')).toBe('x');
  });

  test('--limit changes only its hosts and still knows what the others would say', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: name
      command: "echo name of {{ inventory_hostname }}"
      changed_when: false
      check_mode: false
      register: said
    - name: all names
      copy:
        dest: "DIR/{{ inventory_hostname }}"
        content: "{% for h in groups['all'] %}{{ hostvars[h].said.stdout }}{% endfor %}"
`;
    const { lines, exitCode } = await project.run(plays, { hosts: 2, limit: 'a' });
    expect(lines).toEqual(['a name ok', 'a all names changed']);
    expect(exitCode).toBe(0);
    expect(read('a')).toBe('name of aname of b');
    expect(existsSync(project.path('b'))).toBe(false);
  });
});

describe('run_once', () => {
  test('that fails is not tried again: it has failed for all hosts', async () => {
    const { lines, exitCode } = await project.run(
      `
- hosts: all
  tasks:
    - block:
        - { name: once, shell: "echo x >> DIR/once; exit 1", run_once: true }
      rescue:
        - { name: saved, debug: { msg: x } }
`,
      { hosts: 3 },
    );
    expect(read('once')).toBe('x\n');
    expect(lines.filter((line) => line.endsWith('once failed'))).toHaveLength(3);
    expect(lines.filter((line) => line.endsWith('saved ok'))).toHaveLength(3);
    expect(exitCode).toBe(0);
  });

  test('with a first host that has failed before runs on the next one', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  tasks:
    - { name: broken, fail: { msg: x }, when: inventory_hostname == 'a' }
    - { name: once, shell: "echo {{ inventory_hostname }}", run_once: true, delegate_to: c, register: said }
    - { name: use, assert: { that: "said.stdout == 'b'" } }
`,
      { hosts: 3 },
    );
    expect(lines.filter((line) => /once|use/.test(line))).toEqual([
      'b once changed',
      expect.stringMatching(/^[bc] use ok$/),
      expect.stringMatching(/^[bc] use ok$/),
    ]);
  });

  test('is never left to a host that --limit leaves out', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  tasks:
    - { name: once, shell: "echo x >> DIR/once", run_once: true }
    - { name: reads, debug: { msg: "{{ hostvars['a'].inventory_hostname }}" } }
`,
      { hosts: 2, limit: 'b' },
    );
    expect(lines).toEqual(['b once changed', 'b reads ok']);
    expect(read('once')).toBe('x\n');
  });
});

describe('failed hosts', () => {
  test('are told what is known to help; and of what comes next, only where something does', async () => {
    const { events } = await project.run(
      `
- hosts: a
  tasks:
    - { name: look, command: echo x, register: said }
    - { name: use, debug: { msg: "{{ said['std' ~ 'ot'] }}" } }
`,
    );
    const failed = events.find(({ type }) => type === 'host-failed');
    expect(failed).toMatchObject({
      message: expect.stringMatching(/no key 'stdot'.*\ndid you mean 'stdout'\?$/s),
    });
    expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  test('are told nothing of what no_log hides', async () => {
    const { events } = await project.run(
      `
- hosts: a
  tasks:
    - { name: look, command: echo x, register: said }
    - { name: use, debug: { msg: "{{ said['std' ~ 'ot'] }}" }, no_log: true }
`,
    );
    expect(JSON.stringify(events.find(({ type }) => type === 'host-failed'))).not.toContain('did you mean');
  });

  test('end the run when none of a play is left', async () => {
    const { lines, events } = await project.run(
      `
- hosts: a
  tasks:
    - { name: server, fail: { msg: x } }
- hosts: b
  tasks:
    - { name: client, debug: { msg: x } }
`,
      { hosts: 2 },
    );
    expect(lines).toEqual(['a server failed']);
    const warning = events.find(({ type }) => type === 'warning');
    expect(warning).toMatchObject({ message: expect.stringContaining('is left after failures') });
  });

  test('over max_fail_percentage end the rounds of serial', async () => {
    const plays = (limit: number) => `
- hosts: all
  serial: 2
  max_fail_percentage: ${limit}
  tasks:
    - { name: broken, fail: { msg: x }, when: inventory_hostname == 'a' }
    - { name: done, debug: { msg: x } }
`;
    const strict = await project.run(plays(40), { hosts: 4 });
    expect(strict.lines.filter((line) => /[cd] done/.test(line))).toEqual([]);
    const tolerant = await project.run(plays(50), { hosts: 4 });
    expect(tolerant.lines.filter((line) => line.endsWith('done ok'))).toHaveLength(3);
  });
});

describe('a delegated change', () => {
  const plays = `
- hosts: a
  tasks:
    - { name: make, file: { path: DIR/made, state: directory }, delegate_to: b, notify: shown }
  handlers:
    - { name: shown, debug: { msg: x } }
- hosts: b
  tasks:
    - { name: look, stat: { path: DIR/made }, register: looked }
    - { name: away, file: { path: DIR/made, state: absent } }
`;

  test('is seen by the host that it was made on, and leaves nothing there', async () => {
    const { lines } = await project.run(plays, { hosts: 2 });
    expect(lines).toEqual(['a make changed', 'a shown ok', 'b look ok', 'b away changed']);
    expect(existsSync(project.path('state'))).toBe(false);
  });

  test('is planned for the host that it will be made on', async () => {
    const { lines } = await project.run(plays, { hosts: 2, check: true });
    expect(lines).toEqual(['a make changed', 'a shown ok', 'b look unknown', 'b away unknown']);
  });
});
