import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Task } from '../../../../src/language/model.ts';
import { flat, load, messages, tasksOf } from '../../../helpers/language/project.ts';

function play(tasks: string, more = ''): { 'playbook.yml': string } {
  return { 'playbook.yml': `- hosts: localhost\n${more}  tasks:\n${tasks.replaceAll(/^/gm, '  ')}\n` };
}

async function only(task: string): Promise<Task> {
  const [first] = tasksOf(await load(play(task)));
  if (!first) throw new Error('no task');
  return first;
}

describe('a task', () => {
  test.each([
    ['- command: uptime', 'command', { cmd: 'uptime' }],
    ['- ansible.builtin.command: {cmd: uptime}', 'command', { cmd: 'uptime' }],
    ['- ansible.legacy.command: uptime\n  args: {creates: /x}', 'command', { cmd: 'uptime', creates: '/x' }],
    ['- shell: a=1 b', 'shell', { cmd: 'a=1 b' }],
    ['- apt: {name: curl}\n  args: {state: present}', 'package', { name: 'curl', state: 'present' }],
    ['- systemd: {name: x, enabled: yes}', 'service', { name: 'x', enabled: true }],
    ['- package: name=nginx state="present"', 'package', { name: 'nginx', state: 'present' }],
    ['- file: >\n    path=/etc/x\n    mode=0644', 'file', { path: '/etc/x', mode: '0644' }],
    [
      '- command: touch /x creates=/x chdir="/a b"',
      'command',
      { cmd: 'touch /x', creates: '/x', chdir: '/a b' },
    ],
    ['- shell: echo "creates=/x"', 'shell', { cmd: 'echo "creates=/x"' }],
    ['- action: command uptime', 'command', { cmd: 'uptime' }],
    ['- action: {module: command, cmd: uptime}', 'command', { cmd: 'uptime' }],
    ['- local_action: command uptime', 'command', { cmd: 'uptime' }],
    ['- debug:', 'debug', {}],
    ['- set_fact: {a: yes, b: "no"}', 'set_fact', { a: true, b: 'no' }],
    ['- meta: flush_handlers', 'meta', 'flush_handlers'],
  ])('%j', async (text, resource, args) => {
    const task = await only(text);
    expect(task.resource).toBe(resource);
    expect(task.args.value).toEqual(args);
  });

  test('its keywords', async () => {
    const task = await only(`- name: All of them
  command: uptime
  when: [a, not b]
  register: out
  loop: "{{ list }}"
  loop_control: {loop_var: one, index_var: n, label: "{{ one }}"}
  notify: []
  tags: a,b
  become: yes
  become_user: "{{ u }}"
  environment: {A: 1}
  delegate_to: localhost
  run_once: on
  check_mode: no
  no_log: true
  ignore_errors: yes
  changed_when: no
  failed_when: out.rc > 1
  until: out.rc == 0
  retries: "7"
  delay: 0.5
  vars: {x: on}`);
    expect(task).toMatchObject({
      name: 'All of them',
      register: 'out',
      loopVar: 'one',
      indexVar: 'n',
      tags: ['a', 'b'],
      runOnce: true,
      checkMode: false,
      noLog: true,
      retries: expect.objectContaining({ value: '7' }),
      delay: expect.objectContaining({ value: 0.5 }),
    });
    expect(task.when.map(({ value }) => value)).toEqual(['a', 'not b']);
    expect(task.become?.value).toBe(true);
    expect(task.ignoreErrors?.value).toBe(true);
    expect(task.changedWhen?.map(({ value }) => value)).toEqual([false]);
    expect(task.vars.at(-1)?.variables.get('x')?.value).toBe(true);
    expect(task.when[1]?.at()).toMatchObject({ line: 5, column: 15 });
  });

  test.each([
    ['with_items: [1, [2, 3]]', [1, [2, 3]]],
    ['with_list: [1, [2, 3]]', [1, [2, 3]]],
    ['loop: [1, [2]]', [1, [2]]],
    ['loop: "{{ x }}"', '{{ x }}'],
  ])('%s', async (loop, expected) => {
    expect((await only(`- command: uptime\n  ${loop}`)).loop?.value).toEqual(expected);
  });
});

describe('inheritance', () => {
  test('blocks hand down conditions, tags, variables, become and flags', async () => {
    const { plays } = await load(
      play(
        `- block:
  - command: a
    when: inner
    tags: [t2]
    vars: {v: 2}
  - command: b
    become: false
  rescue: [{command: c}]
  always: [{command: d}]
  when: outer
  tags: t1
  vars: {v: 1}
  become: true
  no_log: true
  environment: {A: 1, B: 1}`,
        '  tags: [p]\n  check_mode: false\n',
      ),
    );
    const [a, b, c, d] = flat(plays[0]?.tasks);
    expect(a?.when.map(({ value }) => value)).toEqual(['outer', 'inner']);
    expect(a?.tags).toEqual(['p', 't1', 't2']);
    expect(a?.vars.map(({ variables }) => variables.get('v')?.value)).toEqual([1, 2]);
    expect([a?.become?.value, b?.become?.value]).toEqual([true, false]);
    expect([a, b, c, d].map((task) => task?.noLog)).toEqual([true, true, true, true]);
    expect(a?.checkMode).toBe(false);
    expect([a, b, c, d].map((task) => task?.id)).toEqual([
      '1.tasks.1.block.1',
      '1.tasks.1.block.2',
      '1.tasks.1.rescue.1',
      '1.tasks.1.always.1',
    ]);
    expect(a?.environment?.value).toEqual({ A: 1, B: 1 });
  });

  test('handlers are flushed after pre_tasks, after tasks and after post_tasks', async () => {
    const { plays } = await load({
      'playbook.yml': `- hosts: localhost
  pre_tasks: [{command: a}]
  tasks: [{command: b}]
  post_tasks: [{command: c}]
`,
    });
    const words = flat(plays[0]?.tasks).map(({ resource, args }) =>
      resource === 'meta' ? args.value : resource,
    );
    expect(words).toEqual([
      'command',
      'flush_handlers',
      'command',
      'flush_handlers',
      'command',
      'flush_handlers',
    ]);
  });
});

describe('a play', () => {
  test('its keywords', async () => {
    const { plays, directory } = await load({
      'playbook.yml': `inventory: {hosts: {"h[1:3]": }}
vars: {everywhere: 1}
plays:
- name: First
  hosts: [h1, h2]
  gather_facts: no
  serial: [1, "50%", "2"]
  any_errors_fatal: true
  max_fail_percentage: 30
  become: yes
  become_user: root
  environment: {A: b}
  vars: {a: 1}
  vars_files: [more.yml, [missing.yml, more.yml]]
- hosts: all
`,
      'more.yml': 'b: 2\n',
    });
    const [first, second] = plays;
    expect(first).toMatchObject({
      index: 1,
      name: 'First',
      hosts: ['h1', 'h2'],
      gatherFacts: false,
      serial: [1, '50%', 2],
      anyErrorsFatal: true,
      maxFailPercentage: 30,
    });
    expect(first?.become?.value).toBe(true);
    expect(first?.vars.map(({ variables }) => [...variables.keys()])).toEqual([
      ['everywhere'],
      ['a'],
      ['b'],
      ['b'],
    ]);
    expect(second).toMatchObject({ index: 2, name: 'all', hosts: ['h1', 'h2', 'h3'], gatherFacts: true });
    expect(second?.serial).toBeUndefined();
    expect(directory).toMatch(/provision-load-/);
  });

  test('connection words reach the hosts, below what the inventory says', async () => {
    const { inventory } = await load({
      'playbook.yml': `inventory: {hosts: {h1: , h2: {ansible_connection: ssh}}}
plays:
- {hosts: all, connection: local}
`,
    });
    const connections = [...inventory.hosts.values()].map(({ layers }) =>
      layers.flatMap(({ variables }) => variables.get('ansible_connection')?.value ?? []),
    );
    expect(connections).toEqual([['local'], ['local', 'ssh']]);
  });

  test('plays may disagree about a connection where the inventory says it', async () => {
    const { plays } = await load({
      'playbook.yml': `inventory: {hosts: {h1: {ansible_connection: local, ansible_ssh_user: pi}}}
plays:
- {hosts: all, connection: ssh, remote_user: root}
- {hosts: all}
`,
    });
    expect(plays).toHaveLength(2);
  });

  test.each([
    ['- command: uptime\n  delegate_to: localhost', ['h1', 'localhost']],
    ['- command: uptime\n  delegate_to: "{{ x }}"', ['h1', 'localhost']],
    ['- command: uptime', ['h1']],
  ])('the control node is there when %j asks for it', async (task, hosts) => {
    const { inventory } = await load({
      'playbook.yml': `inventory: {hosts: {h1: }}\nplays:\n- hosts: all\n  vars: {x: h1}\n  tasks:\n${task.replaceAll(/^/gm, '  ')}\n`,
    });
    expect([...inventory.hosts.keys()]).toEqual(hosts);
    expect(inventory.groups.get('all')).toEqual(['h1']);
  });

  test('hosts may name an extra variable', async () => {
    const files = {
      'playbook.yml': 'inventory: {hosts: {h1: , h2: }}\nplays:\n- hosts: "{{ t | default(\'h1\') }}"\n',
    };
    expect((await load(files)).plays[0]?.hosts).toEqual(['h1']);
    expect((await load(files, { extraVars: ['t=h2'] })).plays[0]?.hosts).toEqual(['h2']);
  });

  test('--limit', async () => {
    const files = { 'playbook.yml': 'inventory: {hosts: {"h[1:4]": }}\nplays:\n- hosts: all\n' };
    expect([...(await load(files)).limited]).toEqual(['h1', 'h2', 'h3', 'h4']);
    expect([...(await load(files, { limit: 'h1,h3' })).limited]).toEqual(['h1', 'h3']);
  });
});

describe('imports and includes', () => {
  test('import_playbook brings plays with its condition, tags and variables', async () => {
    const { plays } = await load({
      'playbook.yml':
        '- import_playbook: sub/other.yml\n  when: a\n  tags: t\n  vars: {v: 1}\n- hosts: localhost\n',
      'sub/other.yml': '- hosts: localhost\n  vars: {w: 2}\n  tasks:\n  - copy: {src: f, dest: /f}\n',
      'sub/files/f': 'x',
    });
    expect(plays.map(({ index }) => index)).toEqual([1, 2]);
    const [task] = flat(plays[0]?.tasks);
    expect(task?.when.map(({ value }) => value)).toEqual(['a']);
    expect(task?.tags).toEqual(['t']);
    expect(plays[0]?.vars.map(({ variables }) => [...variables.keys()])).toEqual([['v'], ['w']]);
  });

  const included = { 'inc.yml': '- command: one\n- command: two\n  register: out\n' };

  test.each(['import_tasks', 'include_tasks', 'ansible.builtin.include_tasks'])(
    '%s is put in place',
    async (word) => {
      const tasks = tasksOf(
        await load({ ...play(`- ${word}: inc.yml\n  when: a\n  tags: t\n  vars: {v: 1}`), ...included }),
      );
      expect(tasks.map(({ id, resource }) => [id, resource])).toEqual([
        ['1.tasks.1.inc.1', 'command'],
        ['1.tasks.1.inc.2', 'command'],
      ]);
      expect(tasks[0]).toMatchObject({ tags: ['t'] });
      expect(tasks[0]?.when).toHaveLength(1);
      expect(tasks[0]?.vars).toHaveLength(1);
    },
  );

  test('an include whose tasks change what its condition looks at is judged once, before them', async () => {
    const [task, more] = tasksOf(
      await load({ ...play('- include_tasks: inc.yml\n  when: out is undefined'), ...included }),
    );
    expect(more).toBeUndefined();
    expect(task).toMatchObject({ resource: 'include_tasks', args: { value: { file: 'inc.yml' } } });
    expect(flat(task?.includes?.get('inc.yml')).map(({ when }) => when)).toEqual([[], []]);
  });

  test.each([
    ['- include_tasks: "in{{ x }}.yml"', ['inc.yml', 'ing.yml']],
    ['- include_tasks: "{{ x }}"', ['inc.yml', 'ing.yml']],
    ['- include_tasks: inc.yml\n  loop: [1]', ['inc.yml']],
    ['- include_tasks: {file: "sub/{{ x }}.yml"}', ['sub/deep.yml']],
  ])('%j loads every file it may name', async (text, names) => {
    const files = { ...play(text), ...included, 'ing.yml': '[]\n', 'sub/deep.yml': '[]\n', 'other.txt': 'x' };
    const [task] = tasksOf(await load(files));
    expect([...(task?.includes?.keys() ?? [])]).toEqual(names);
  });

  test('include_vars sets what its file holds', async () => {
    const files = {
      ...play('- include_vars: more.yml\n- include_vars: {file: more.yml, name: n}'),
      'vars/more.yml': 'a: 1\nb: no\n',
    };
    const [flatVars, named] = tasksOf(await load(files));
    expect(flatVars).toMatchObject({ resource: 'set_fact', args: { value: { a: 1, b: false } } });
    expect(named).toMatchObject({ args: { value: { n: { a: 1, b: false } } } });
  });
});

describe('handlers', () => {
  test('names, topics and ids that survive reordering', async () => {
    const handler =
      '  - {name: "Restart: x!", command: a, listen: [t]}\n  - {name: Restart x, command: b}\n  - {listen: only, command: c}\n';
    const { plays } = await load(
      play('- command: uptime\n  notify: ["Restart: x!", t, only, "{{ any }}"]', `  handlers:\n${handler}`),
    );
    expect(plays[0]?.handlers.map(({ id }) => id)).toEqual([
      '1.handlers.restart-x-',
      '1.handlers.restart-x',
      '1.handlers.only',
    ]);
    expect(flat(plays[0]?.tasks)[0]?.notify.map(({ value }) => value)).toEqual([
      'Restart: x!',
      't',
      'only',
      '{{ any }}',
    ]);
  });

  test('a templated name answers to every name that it may become', async () => {
    const files = play(
      '- command: uptime\n  notify: [restart x, "stop x"]',
      '  handlers:\n  - {name: "restart {{ s }}", command: a}\n',
    );
    expect(await messages(files)).toEqual(["there is no handler 'stop x'"]);
  });

  test('an include may be a handler', async () => {
    const files = {
      ...play('- command: uptime\n  notify: go', '  handlers:\n  - {name: go, include_tasks: inc.yml}\n'),
      'inc.yml': '- command: a\n- command: b\n',
    };
    const { plays } = await load(files);
    expect(plays[0]?.handlers.map(({ listen }) => listen)).toEqual([['go'], ['go']]);
  });
});

describe('extra variables', () => {
  test.each([
    [['a=1 b="two words" c='], { a: '1', b: 'two words', c: '' }],
    [['{"a": {"b": [1]}}'], { a: { b: [1] } }],
    [['a: yes'], { a: true }],
    [['a=1', 'a=2'], { a: '2' }],
    [["t='{{ x }}'"], { t: '{{ x }}' }],
  ])('%j', async (extraVars, expected) => {
    const { extraVars: layer } = await load({ 'playbook.yml': '- hosts: localhost\n' }, { extraVars });
    expect(Object.fromEntries([...layer.variables].map(([name, { value }]) => [name, value]))).toEqual(
      expected,
    );
  });
});

describe('tags', () => {
  const files = play('- command: a\n  tags: [install, never]');
  test.each([
    [{ tags: ['install'] }, []],
    [{ tags: ['install,tagged', 'all'], skipTags: ['always'] }, []],
    [{ tags: ['instal'] }, ["--tags instal: no task has the tag 'instal'"]],
    [{ skipTags: ['x'] }, ["--skip-tags x: no task has the tag 'x'"]],
  ])('%j', async (options, expected) => expect(await messages(files, options)).toEqual(expected));
});

describe('a playbook that cannot be read', () => {
  test.each([
    ['missing.yml', /^there is no file .*missing\.yml$/],
    ['folder', /folder is a directory, not a playbook$/],
    ['broken.json', /opened here and not closed/],
    ['null.yml', /^the playbook is empty$/],
  ])('%s', async (name, message) => {
    const files = { 'folder/x.yml': '', 'broken.json': '[{"hosts": ', 'null.yml': '---\n' };
    await expect(load(files, {}, name)).rejects.toThrow(message);
  });

  test('JSON is YAML', async () => {
    const { plays } = await load(
      { 'p.json': '[{"hosts": "localhost", "tasks": [{"command": "uptime"}]}]' },
      {},
      'p.json',
    );
    expect(flat(plays[0]?.tasks)[0]?.resource).toBe('command');
  });
});

describe('whatever stands in a playbook', () => {
  const word = fc.constantFrom(
    ...[
      'hosts',
      'tasks',
      'roles',
      'block',
      'rescue',
      'command',
      'copy',
      'include_tasks',
      'import_tasks',
      'include_role',
    ],
    ...[
      'include_vars',
      'meta',
      'loop',
      'when',
      'vars',
      'notify',
      'handlers',
      'inventory',
      'plays',
      'args',
      'name',
      'serial',
    ],
    ...[
      'all',
      'children',
      'x',
      'localhost',
      '{{ x }}',
      'become',
      'tags',
      'environment',
      'vars_files',
      'import_playbook',
    ],
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      word,
      fc.constantFrom(null, true, 0, 5, '', 'a: b', 'playbook.yml', 'yes'),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(word, tie('any'), { maxKeys: 5 }),
    ),
  })).any;

  test('loading ends with a playbook or with problems', async () => {
    const play = fc.record({
      hosts: fc.constant('localhost'),
      tasks: fc.array(fc.dictionary(word, value, { maxKeys: 4 }), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(value, fc.array(play, { maxLength: 2 })), async (content) => {
        for (const message of await messages({ 'playbook.yml': JSON.stringify(content) }))
          expect(message).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});
