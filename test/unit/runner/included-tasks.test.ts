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

describe('include_vars', () => {
  test('values are evaluated when they are used, again each time', async () => {
    project.write('vars/late.yml', 'plain: p\ncomposed: "{{ plain }}-{{ given }}"\n');
    const { results } = await project.run(`
- hosts: all
  tasks:
    - include_vars: late.yml
    - debug: { msg: "{{ plain }} {{ composed is defined }}" }
    - set_fact: { given: 1 }
    - debug: { msg: "{{ composed }}" }
    - set_fact: { given: 2 }
    - debug: { msg: "{{ composed }} {{ hostvars.a.composed }}" }
`);
    const said = results.filter(({ resource }) => resource === 'debug').map(({ message }) => message);
    expect(said).toEqual(['p False', 'p-1', 'p-2 p-2']);
  });

  test('of a directory: depth, extensions, names', async () => {
    project.write('vars/tree/x.yml', 'top: t\nwho: top\n');
    project.write('vars/tree/a/one.yml', 'who: a\n');
    project.write('vars/tree/a/two.json', '{"more": 1}\n');
    project.write('vars/tree/notes.txt', 'notes\n');
    const { results } = await project.run(`
- hosts: all
  tasks:
    - include_vars: { dir: tree, ignore_unknown_extensions: true, name: all_ }
    - include_vars: { dir: tree, ignore_unknown_extensions: true, depth: 1, name: top }
    - include_vars: { dir: tree, ignore_files: [notes.txt, "one.*"], files_matching: "o", name: some }
    - debug: { msg: "{{ all_ }} {{ top }} {{ some }}" }
`);
    expect(results.at(-1)?.message).toBe(
      "{'top': 't', 'who': 'a', 'more': 1} {'top': 't', 'who': 'top'} {'more': 1}",
    );
    await expect(project.run('- hosts: all\n  tasks: [{include_vars: {dir: tree}}]\n')).rejects.toThrow(
      /notes.txt has none of the extensions yaml, yml, json/,
    );
  });
});

test('handlers of a role have their includes beside them, and these answer to their own topics', async () => {
  project.write('roles/r/handlers/main.yml', '- import_tasks: more.yml\n');
  project.write(
    'roles/r/handlers/more.yml',
    '- {name: first, debug: {msg: x}, listen: go}\n- {name: second, debug: {msg: y}}\n',
  );
  project.write('roles/r/tasks/main.yml', '- {name: change, command: "true", notify: [go, second]}\n');
  const { lines } = await project.run('- {hosts: all, roles: [r]}\n');
  expect(lines).toEqual(['a change changed', 'a first ok', 'a second ok']);
});
