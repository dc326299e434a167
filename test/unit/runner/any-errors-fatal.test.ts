import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

describe('any_errors_fatal', () => {
  test('one host fails, the others go on; any_errors_fatal stops all', async () => {
    const plays = (fatal: boolean) => `
- hosts: all
  any_errors_fatal: ${fatal}
  tasks:
    - name: only b
      fail: { msg: no }
      when: inventory_hostname == 'b'
- hosts: all
  tasks:
    - name: next
      copy: { dest: "DIR/{{ inventory_hostname }}", content: x }
`;
    const tolerant = await project.run(plays(false), { hosts: 3 });
    expect(tolerant.lines.filter((line) => line.includes('next')).sort()).toEqual([
      'a next changed',
      'c next changed',
    ]);
    expect(tolerant.exitCode).toBe(2);
    const fatal = await project.run(plays(true), { hosts: 3 });
    expect(fatal.lines.filter((line) => line.includes('next'))).toEqual([]);
  });

  test('with any_errors_fatal all hosts report what they fail at, and those behind change nothing more', async () => {
    const run = await project.run(
      `
- hosts: all
  any_errors_fatal: true
  tasks:
    - name: slow
      command: sleep 0.3
      changed_when: false
      check_mode: false
      when: inventory_hostname in ['c', 'd']
    - name: change
      copy: { dest: "DIR/{{ inventory_hostname }}", content: x }
      when: inventory_hostname == 'd'
    - name: check
      fail: { msg: "no {{ inventory_hostname }}" }
    - name: behind
      copy: { dest: "DIR/{{ inventory_hostname }}-behind", content: x }
`,
      { hosts: 4 },
    );
    expect(run.exitCode).toBe(2);
    expect(run.lines.filter((line) => line.includes('check')).sort()).toEqual([
      'a check failed',
      'b check failed',
      'c check failed',
    ]);
    expect(run.lines.filter((line) => /change|behind/.test(line) && !line.endsWith('skipped'))).toEqual([]);
  });
});
