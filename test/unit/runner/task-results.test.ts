import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('register, conditions and loops', () => {
  test('a registered value is known to what follows, and costs one more round trip', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: look
      stat: { path: DIR/x }
      register: looked
    - name: make
      copy: { dest: DIR/x, content: x }
      when: not looked.stat.exists
    - name: shown
      debug: { msg: "there {{ looked.stat.exists }}" }
`;
    const first = await project.run(plays);
    expect(first.lines).toEqual(['a look ok', 'a make changed', 'a shown ok']);
    const second = await project.run(plays);
    expect(second.lines).toEqual(['a look ok', 'a make skipped', 'a shown ok']);
    expect(second.recap.a?.execs).toBe(2);
  });

  test('a loop gives one result per item and all of them to register', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: make
      copy: { dest: "DIR/{{ item }}", content: "{{ item }}" }
      loop: [p, q, r]
      when: item != 'q'
      register: made
    - name: count
      debug: { msg: "{{ made.results | length }} {{ made.changed }}" }
    - name: check
      assert: { that: ["made.results | length == 3", "made.results[1] is skipped", "made is changed"] }
`);
    expect(lines).toEqual([
      'a make (p) changed',
      'a make (q) skipped',
      'a make (r) changed',
      'a count ok',
      'a check ok',
    ]);
  });

  test('changed_when, failed_when, ignore_errors and until have the last word', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  tasks:
    - name: quiet
      command: "true"
      changed_when: false
    - name: two is fine
      shell: exit 2
      register: two
      failed_when: two.rc > 2
    - name: three is not
      shell: exit 3
      register: three
      failed_when: three.rc > 2
      ignore_errors: true
    - name: counts up
      shell: "echo x >> DIR/count; wc -l < DIR/count"
      register: count
      until: count.stdout | trim | int >= 3
      retries: 5
      delay: 0
    - name: seen
      assert: { that: ["two.rc == 2", "three is failed", "count.stdout | trim == '3'"] }
`);
    expect(lines).toEqual([
      'a quiet ok',
      'a two is fine changed',
      'a three is not failed',
      'a counts up changed',
      'a seen ok',
    ]);
    expect(exitCode).toBe(0);
  });

  test('a read-only command runs with the probes, in check mode too', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: look
      command: echo here
      changed_when: false
      check_mode: false
      register: said
    - name: use
      copy: { dest: DIR/said, content: "{{ said.stdout }}" }
`;
    const planned = await project.run(plays, { check: true });
    expect(planned.lines).toEqual(['a look ok', 'a use changed']);
    await project.run(plays);
    expect(read('said').trim()).toBe('here');
    const again = await project.run(plays);
    expect(again.changed).toBe(false);
    expect(again.recap.a?.execs).toBe(3);
  });

  test('what a planned command would have said is unknown', async () => {
    const { lines, results } = await project.run(
      `
- hosts: all
  tasks:
    - name: ask
      command: date
      register: asked
    - name: use
      copy: { dest: DIR/said, content: "{{ asked.stdout }}" }
    - name: use of use
      debug: { msg: "{{ asked.rc }}" }
    - name: quiet
      command: date
      changed_when: false
      register: quiet
    - name: use of quiet
      debug: { msg: "{{ quiet.stdout }}" }
`,
      { check: true },
    );
    expect(lines).toEqual([
      'a ask changed',
      'a use unknown',
      'a use of use unknown',
      'a quiet ok',
      'a use of quiet unknown',
    ]);
    expect(results[1]?.dependsOn).toEqual(['ask']);
  });
});
