import { describe, expect, test } from 'vitest';
import { flat, load, messages, tasksOf } from '../../../helpers/language/project.ts';

const base = {
  'roles/web/tasks/main.yml': '- template: {src: site.j2, dest: /etc/site}\n  notify: reload web\n',
  'roles/web/handlers/main.yml': '- name: reload web\n  command: reload\n',
  'roles/web/defaults/main.yml': 'web_port: 80\nweb_tls: no\n',
  'roles/web/vars/main.yml': 'web_user: www\n',
  'roles/web/templates/site.j2': 'x',
};

describe('a role', () => {
  test('brings tasks, handlers, defaults, vars and its search path', async () => {
    const playbook = await load({
      ...base,
      'playbook.yml':
        '- hosts: localhost\n  roles:\n  - {role: web, web_port: 81, vars: {extra: 1}, when: a, tags: [t], become: yes}\n',
    });
    const [play] = playbook.plays;
    const [task] = tasksOf(playbook);
    expect(task).toMatchObject({ id: '1.roles.web.1', tags: ['t'], role: { name: 'web' } });
    expect(task?.when.map(({ value }) => value)).toEqual(['a']);
    expect(task?.become?.value).toBe(true);
    expect(task?.searchPath[0]).toMatch(/\/roles\/web$/);
    const [role] = play?.roles ?? [];
    const values = [role?.defaults, role?.vars, role?.entryVars, role?.parameters].map((layer) =>
      [...(layer?.variables ?? [])].map(([name, { value }]) => [name, value]),
    );
    expect(values).toEqual([
      [
        ['web_port', 80],
        ['web_tls', false],
      ],
      [['web_user', 'www']],
      [['extra', 1]],
      [['web_port', 81]],
    ]);
    expect(play?.handlers.map(({ id }) => id)).toEqual(['1.handlers.web.reload-web']);
  });

  test('is looked for in the project beside playbooks/', async () => {
    const files = { ...base, 'playbooks/site.yml': '- {hosts: localhost, roles: [web]}\n' };
    expect(tasksOf(await load(files, {}, 'playbooks/site.yml'))).toHaveLength(1);
  });

  test('dependencies come first, each once, with parameters', async () => {
    const playbook = await load({
      ...base,
      'playbook.yml': '- {hosts: localhost, roles: [web, db, {role: base, level: 2}]}\n',
      'roles/web/meta/main.yml': 'dependencies: [base]\n',
      'roles/db/meta/main.yml': 'galaxy_info: {}\ndependencies:\n- base\n',
      'roles/db/tasks/main.yml': '- command: db\n',
      'roles/base/tasks/main.yml': '- command: base\n',
    });
    expect(tasksOf(playbook).map(({ id, role }) => [id, role?.name])).toEqual([
      ['1.roles.web.base.1', 'base'],
      ['1.roles.web.1', 'web'],
      ['1.roles.db.1', 'db'],
      ['1.roles.base.1', 'base'],
    ]);
  });

  test('the same role with the same parameters is done once unless it allows more', async () => {
    const twice = {
      ...base,
      'playbook.yml': '- {hosts: localhost, roles: [web, web, {role: web, web_port: 1}]}\n',
    };
    expect(tasksOf(await load(twice)).map(({ id }) => id)).toEqual(['1.roles.web.1', '1.roles.web-3.1']);
    const allowed = { ...twice, 'roles/web/meta/main.yml': 'allow_duplicates: true\n' };
    expect(tasksOf(await load(allowed))).toHaveLength(3);
  });

  test('include_role and import_role stand where they are written', async () => {
    const playbook = await load({
      ...base,
      'roles/web/tasks/other.yml': '- command: other\n',
      'playbook.yml': `- hosts: localhost
  tasks:
  - command: before
  - include_role: {name: web}
    vars: {web_port: 5}
    when: a
  - import_role: {name: web, tasks_from: other.yml}
  - include_role: {name: web}
    loop: [1, 2]
  - include_role: {name: "w{{ x }}"}
`,
    });
    const tasks = tasksOf(playbook);
    expect(tasks.map(({ id }) => id)).toEqual([
      '1.tasks.1',
      '1.tasks.2.web.1',
      '1.tasks.3.web.1',
      '1.tasks.4',
      '1.tasks.5',
    ]);
    expect(tasks[1]?.role?.parameters.variables.get('web_port')?.value).toBe(5);
    expect(tasks[1]?.when).toHaveLength(1);
    expect(tasks[3]).toMatchObject({ resource: 'include_tasks', args: { value: { file: 'web' } } });
    expect(flat(tasks[4]?.includes?.get('web'))).toHaveLength(1);
    expect(playbook.plays[0]?.roles.map(({ name }) => name)).toEqual(['web']);
    // One list for each set of variables that they see.
    expect(playbook.plays[0]?.handlers).toHaveLength(2);
  });

  test('tasks that it includes are looked for inside it', async () => {
    const playbook = await load({
      'playbook.yml': '- {hosts: localhost, roles: [web]}\n',
      'roles/web/tasks/main.yml':
        '- include_tasks: sub/a.yml\n- include_tasks: "{{ role_path }}/tasks/sub/{{ x }}.yml"\n',
      'roles/web/tasks/sub/a.yml': '- include_tasks: b.yml\n',
      'roles/web/tasks/sub/b.yml': '- command: deep\n',
    });
    const [deep, late] = tasksOf(playbook);
    expect(deep?.id).toBe('1.roles.web.1.a.1.b.1');
    expect([...(late?.includes?.keys() ?? [])].map((name) => name.replace(/.*\/roles/, 'roles'))).toEqual([
      'roles/web/tasks/sub/a.yml',
      'roles/web/tasks/sub/b.yml',
    ]);
  });
});

const schema = `type: object
properties:
  web_port: {type: integer}
  web_tls: {type: boolean}
  web_name: {type: string}
additionalProperties: false
`;

describe('declared variables', () => {
  const files = (vars: string, more = '') => ({
    ...base,
    'roles/web/meta/schema.yml': schema + more,
    'roles/web_extra/tasks/main.yml': '[]\n',
    'playbook.yml': `- hosts: localhost\n  vars: ${vars}\n  roles: [web]\n  tasks:\n  - set_fact: {web_set: 1}\n`,
  });

  test.each([
    ['{web_port: 81, other: 1, ansible_x: 1}', []],
    ['{web_port: "{{ x }}"}', []],
    ['{web_extra_port: 1}', []],
    ['{web_prot: 81}', ["the role web has no variable 'web_prot'"]],
    ['{web_tls: "yes"}', ["'web_tls' must be true or false, not 'yes'"]],
    ['{web_name: 5}', ["'web_name' must be text, not 5"]],
  ])('%s', async (vars, expected) => expect(await messages(files(vars))).toEqual(expected));

  test.each([
    ['required: [web_name]\n', ["the role web needs the variable 'web_name'"]],
    ['required: [web_port]\n', []],
    ['required: [web_set]\n', []],
  ])('%s', async (more, expected) => expect(await messages(files('{}', more))).toEqual(expected));

  test('extra variables get the declared type', async () => {
    const options = { extraVars: ['web_port=81', 'web_tls=yes', 'free=81'] };
    const { extraVars } = await load(files('{}'), options);
    expect([...extraVars.variables].map(([name, { value }]) => [name, value])).toEqual([
      ['web_port', 81],
      ['web_tls', true],
      ['free', '81'],
    ]);
  });
});
