import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

describe('check mode', () => {
  test('does not fail where a condition needs what only the change will show', async () => {
    const { lines, exitCode } = await project.run(
      `
- hosts: all
  tasks:
    - { name: judged, copy: { dest: DIR/one, content: x }, register: one, changed_when: one.rc == 0 }
    - { name: failing, copy: { dest: DIR/two, content: x }, register: two, failed_when: two.rc != 0 }
    - { name: use, debug: { msg: "{{ one.rc }}" } }
`,
      { check: true },
    );
    expect(lines).toEqual(['a judged unknown', 'a failing unknown', 'a use unknown']);
    expect(exitCode).toBe(0);
  });

  test('with check_mode: false makes the change and keeps no copies', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  tasks:
    - { name: really, copy: { dest: DIR/file, content: x }, check_mode: false }
    - { name: planned, file: { path: DIR/file, state: absent } }
`,
      { check: true },
    );
    expect(lines).toEqual(['a really changed', 'a planned changed']);
    expect(existsSync(project.path('file'))).toBe(true);
    expect(existsSync(project.path('state'))).toBe(false);
  });

  test('with check_mode: true makes no change in a run that makes others', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - { name: planned, copy: { dest: DIR/planned, content: x }, check_mode: true, register: planned }
    - { name: made, copy: { dest: DIR/made, content: x }, when: planned is changed }
`);
    expect(lines).toEqual(['a planned changed', 'a made changed']);
    expect(existsSync(project.path('planned'))).toBe(false);
    expect(existsSync(project.path('made'))).toBe(true);
  });

  test('never calls ok what an earlier planned task decides over', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  tasks:
    - { name: make, file: { path: DIR/p/q, state: directory } }
    - { name: look, stat: { path: DIR/p } }
    - { name: file, copy: { dest: DIR/p/q/file, content: x } }
    - { name: away, file: { path: DIR/p, state: absent } }
    - { name: link, file: { path: DIR/link, state: link, src: p } }
    - { name: behind, file: { path: DIR/link, state: absent } }
`,
      { check: true },
    );
    expect(lines).toEqual([
      'a make changed',
      'a look unknown',
      'a file changed',
      'a away unknown',
      'a link changed',
      'a behind unknown',
    ]);
  });
});

describe('the look-ahead', () => {
  test('does not ask behind a command what must be asked after it', async () => {
    const tasks = Array.from(
      { length: 30 },
      (_, n) => `    - command: "true"\n    - copy: { dest: "DIR/file-${n}", content: "${n}" }`,
    );
    const { recap, exitCode } = await project.run(`- hosts: all\n  tasks:\n${tasks.join('\n')}\n`);
    expect(exitCode).toBe(0);
    expect(recap.a?.changed).toBe(60);
    expect(recap.a?.execs).toBeLessThan(40);
  });
});
