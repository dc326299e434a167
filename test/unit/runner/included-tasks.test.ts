import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

describe('includes', () => {
  test('a looped include brings its tasks once per item', async () => {
    project.write('each.yml', '- name: each\n  debug: { msg: "{{ item }}" }\n');
    const { lines, results } = await project.run(`
- hosts: all
  tasks:
    - include_tasks: each.yml
      loop: [p, q]
    - name: end
      debug: { msg: x }
`);
    expect(lines).toEqual(['a each ok', 'a each ok', 'a end ok']);
    expect(results.map(({ message }) => message)).toEqual(['p', 'q', 'x']);
  });
});

describe('an include named by a template', () => {
  test('takes the file of the value, and not a playbook beside it', async () => {
    project.write('tasks/one.yml', '- name: of one\n  debug: { msg: x }\n');
    project.write('tasks/two.yml', '- name: of two\n  debug: { msg: x }\n');
    const { lines } = await project.run(`
- hosts: all
  vars: { which: two }
  tasks:
    - include_tasks: "{{ which }}.yml"
`);
    expect(lines).toEqual(['a of two ok']);
  });
});
