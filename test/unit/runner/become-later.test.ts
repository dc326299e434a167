import { describe, expect, test } from 'vitest';
import { projectWithSudo } from '../../helpers/runner/fake-sudo.ts';

// A sudo that knows a user only once DIR/made is there, as useradd would make one.
const project = projectWithSudo(
  (
    made,
  ) => `if [ "$user" = later ] && [ ! -e '${made.path('made')}' ]; then echo "sudo: unknown user later" >&2; exit 1; fi
exec "$@"`,
);

const plays = `
- hosts: all
  tasks:
    - name: make the user
      command: { cmd: touch DIR/made, creates: DIR/made }
    - name: as the user
      copy: { dest: DIR/own, content: mine }
      become: true
      become_user: later
`;

describe('a user that an earlier task makes', () => {
  test('is become once it is there', async () => {
    const run = await project.run(plays);
    expect(run.lines).toEqual(['a make the user changed', 'a as the user changed']);
    expect(run.exitCode).toBe(0);
    expect((await project.run(plays)).recap.a).toMatchObject({ ok: 2, changed: 0, failed: 0 });
  });

  test('makes its tasks unknown to a plan, not failed', async () => {
    const run = await project.run(plays, { check: true });
    expect(run.lines).toEqual(['a make the user changed', 'a as the user unknown']);
    expect(run.results[1]?.dependsOn).toEqual(['make the user']);
    expect(run.exitCode).toBe(0);
  });

  test('that nobody makes fails the task that needs it, which can be rescued', async () => {
    const orphan = `
- hosts: all
  tasks:
    - name: something else
      copy: { dest: DIR/one, content: x }
    - block:
        - name: as nobody known
          copy: { dest: DIR/own, content: mine }
          become: true
          become_user: later
      rescue:
        - name: go on
          copy: { dest: DIR/two, content: x }
`;
    const run = await project.run(orphan);
    expect(run.lines).toEqual(['a something else changed', 'a as nobody known failed', 'a go on changed']);
    expect(run.results[1]?.message).toMatch(/there is no user 'later' on the host.*\n?correct become_user/s);
    expect(run.exitCode).toBe(0);
  });
});
