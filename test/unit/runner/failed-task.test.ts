import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

describe('failures', () => {
  test('what comes before a failure is done, what comes after is not', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  tasks:
    - name: before
      copy: { dest: DIR/before, content: x }
    - name: no directory
      copy: { dest: DIR/missing/x, content: x }
    - name: after
      copy: { dest: DIR/after, content: x }
`);
    expect(lines).toEqual(['a before changed', 'a no directory failed']);
    expect(exitCode).toBe(2);
    expect(existsSync(project.path('before'))).toBe(true);
    expect(existsSync(project.path('after'))).toBe(false);
  });

  test('rescue and always', async () => {
    const { lines, exitCode, recap } = await project.run(`
- hosts: all
  tasks:
    - block:
        - name: breaks
          command: "false"
        - name: never
          debug: { msg: never }
      rescue:
        - name: rescued
          debug: { msg: "{{ ansible_failed_task.name }}" }
      always:
        - name: always
          debug: { msg: x }
    - name: 'on'
      debug: { msg: x }
`);
    expect(lines).toEqual(['a breaks failed', 'a rescued ok', 'a always ok', 'a on ok']);
    expect(exitCode).toBe(0);
    expect(recap.a).toMatchObject({ failed: 0, rescued: 1 });
  });

  test('always runs, and the failure stays one', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  tasks:
    - block:
        - name: breaks
          command: "false"
      always:
        - name: always
          copy: { dest: DIR/always, content: x }
    - name: not reached
      debug: { msg: x }
`);
    expect(lines).toEqual(['a breaks failed', 'a always changed']);
    expect(exitCode).toBe(2);
  });

  test('a task that does not converge is found', async () => {
    const { results } = await project.run(`
- hosts: all
  tasks:
    - name: bent
      copy: { dest: DIR/file, content: straight, validate: "sh -c 'echo bent > $1' - %s" }
`);
    expect(results[0]).toMatchObject({ status: 'failed' });
    expect(results[0]?.message).toMatch(/still differs/);
  });
});
