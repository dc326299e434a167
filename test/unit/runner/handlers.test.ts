import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('handlers', () => {
  const plays = (fails: string) => `
- hosts: all
  tasks:
    - name: config
      copy: { dest: DIR/config, content: "{{ text }}" }
      notify: restart
    - name: twice
      copy: { dest: DIR/config2, content: "{{ text }}" }
      notify: restart
    - name: trouble
      command: "${fails}"
      changed_when: false
  handlers:
    - name: restart
      shell: echo restarted >> DIR/log
  vars: { text: one }
`;

  test('run once, at the end, only after a change', async () => {
    const first = await project.run(plays('true'));
    expect(first.lines).toEqual(['a config changed', 'a twice changed', 'a trouble ok', 'a restart changed']);
    expect(read('log')).toBe('restarted\n');
    const second = await project.run(plays('true'));
    expect(second.lines).toEqual(['a config ok', 'a twice ok', 'a trouble ok']);
  });

  test('that a failed run did not come to are remembered and run next time', async () => {
    const first = await project.run(plays('false'));
    expect(first.exitCode).toBe(2);
    expect(existsSync(project.path('log'))).toBe(false);
    const second = await project.run(plays('true'));
    expect(second.lines).toEqual(['a config ok', 'a twice ok', 'a trouble ok', 'a restart changed']);
    expect(read('log')).toBe('restarted\n');
    const third = await project.run(plays('true'));
    expect(third.lines.at(-1)).toBe('a trouble ok');
  });

  test('that are remembered are planned once, as they run once, though a later play has them too', async () => {
    await project.run(plays('false'));
    const both = plays('true') + plays('true');
    const expected = ['a restart changed'];
    const restarts = (lines: readonly string[]) => lines.filter((line) => line.includes('restart'));
    for (const check of [true, true, false])
      expect(restarts((await project.run(both, { check })).lines)).toEqual(expected);
    expect(read('log')).toBe('restarted\n');
  });

  test('run in the middle where flush_handlers says so', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: one
      copy: { dest: DIR/one, content: x }
      notify: topic
    - meta: flush_handlers
    - name: two
      copy: { dest: DIR/two, content: x }
  handlers:
    - name: listens
      debug: { msg: x }
      listen: topic
`);
    expect(lines).toEqual(['a one changed', 'a listens ok', 'a two changed']);
  });

  test('a handler that fails puts the files of its play back and runs again on them', async () => {
    const restart = (content: string) => `
- hosts: all
  tasks:
    - name: config
      copy: { dest: DIR/config, content: "${content}\\n" }
      notify: restart
    - name: fresh
      copy: { dest: DIR/fresh-${content}, content: x }
  handlers:
    - name: restart
      shell: grep good DIR/config && cat DIR/config >> DIR/log
`;
    writeFileSync(project.path('config'), 'old good\n');
    const { exitCode, events } = await project.run(restart('bad'));
    expect(exitCode).toBe(2);
    expect(read('config')).toBe('old good\n');
    expect(existsSync(project.path('fresh-bad'))).toBe(false);
    expect(read('log')).toBe('old good\n');
    const rolledBack = events.find(({ type }) => type === 'rolled-back');
    expect(rolledBack).toMatchObject({ host: 'a', message: expect.stringContaining('put back') });
    // It failed again on the old files where they are no better: one failure.
    writeFileSync(project.path('config'), 'worse\n');
    const twice = await project.run(restart('bad'));
    expect(twice.events.filter(({ type }) => type === 'rolled-back')).toMatchObject([
      { message: expect.stringContaining('but then: restart: ') },
    ]);
    expect(twice.events.find(({ type }) => type === 'recap')).toMatchObject({ hosts: { a: { failed: 1 } } });
    const next = await project.run(restart('good'));
    expect(next.lines).toEqual(['a config changed', 'a fresh changed', 'a restart changed']);
  });
});

describe('a handler', () => {
  test('is found by a templated name, of the notification, per item, and of its own', async () => {
    const { lines } = await project.run(`
- hosts: all
  vars: { unit: web }
  tasks:
    - { name: one, copy: { dest: DIR/one, content: x }, notify: "restart {{ unit }}" }
    - { name: two, copy: { dest: "DIR/{{ item }}", content: x }, notify: "restart {{ item }}", loop: [mail] }
    - { name: three, copy: { dest: DIR/three, content: x }, notify: restart web2 }
  handlers:
    - { name: restart web, debug: { msg: x } }
    - { name: restart mail, debug: { msg: x } }
    - { name: "restart {{ unit }}2", debug: { msg: x } }
`);
    expect(lines.slice(3)).toEqual(['a restart web ok', 'a restart mail ok', 'a restart web2 ok']);
  });

  test('of the own role hides its namesake; a topic reaches the handlers of all roles', async () => {
    for (const role of ['one', 'two']) {
      const notify = role === 'one' ? '[restart, topic]' : 'restart';
      project.write(
        `roles/${role}/tasks/main.yml`,
        `- copy: { dest: "{{ where }}/${role}", content: x }\n  notify: ${notify}\n`,
      );
      project.write(
        `roles/${role}/handlers/main.yml`,
        `- name: restart\n  debug: { msg: ${role} }\n- name: hears ${role}\n  debug: { msg: x }\n  listen: topic\n`,
      );
    }
    const { results } = await project.run(`
- hosts: all
  vars: { where: DIR }
  roles: [one, two]
`);
    const shown = results.slice(2).map(({ name, message }) => `${name} ${message}`);
    expect(shown).toEqual(['restart one', 'hears one x', 'restart two', 'hears two x']);
  });

  test('a topic reaches a handler once, however often its role is used', async () => {
    project.write(
      'roles/used/tasks/main.yml',
      '- copy: { dest: "{{ where }}/{{ use }}", content: x }\n  notify: topic\n',
    );
    project.write(
      'roles/used/handlers/main.yml',
      '- name: hears\n  debug: { msg: "{{ use }}" }\n  listen: topic\n',
    );
    const { results } = await project.run(`
- hosts: all
  vars: { where: DIR }
  roles: [{ role: used, use: one }, { role: used, use: two }]
`);
    expect(results.map(({ name }) => name).filter((name) => name === 'hears')).toEqual(['hears']);
  });

  test('may have a loop, a condition and a register, and notify another', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - block:
        - { name: change, copy: { dest: DIR/file, content: x } }
      notify: [looped, conditional]
  handlers:
    - { name: behind, debug: { msg: x } }
    - { name: looped, shell: "echo {{ item }} >> DIR/log", loop: [1, 2], register: said, notify: behind }
    - { name: conditional, debug: { msg: x }, when: said.results | length == 3 }
`);
    expect(lines).toEqual([
      'a change changed',
      'a looped (1) changed',
      'a looped (2) changed',
      'a behind ok',
      'a conditional skipped',
    ]);
    expect(read('log')).toBe('1\n2\n');
  });

  test('that did not come to run is owed still after a rollback', async () => {
    const plays = (fails: string) => `
- hosts: all
  tasks:
    - { name: command, shell: "touch DIR/made", args: { creates: DIR/made }, notify: second }
    - { name: config, copy: { dest: DIR/config, content: "${fails}" }, notify: first }
  handlers:
    - { name: first, shell: "! grep bad DIR/config" }
    - { name: second, shell: "echo x >> DIR/log" }
`;
    const first = await project.run(plays('bad'));
    expect(first.events.some(({ type }) => type === 'rolled-back')).toBe(true);
    expect(existsSync(project.path('config'))).toBe(false);
    await project.run(plays('good'));
    expect(read('log')).toBe('x\n');
    expect(existsSync(project.path('state'))).toBe(false);
  });
});
