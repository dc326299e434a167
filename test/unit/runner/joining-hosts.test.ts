import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const added = `
- hosts: all
  gather_facts: false
  tasks:
    - name: add
      add_host: { name: "new-{{ item }}", groups: fresh, ansible_connection: local, number: "{{ item }}" }
      loop: [1, 2]
`;

test('hosts that were added are in later plays, with their variables and those of their groups', async () => {
  project.write('group_vars/fresh.yml', 'greeting: hello');
  const { lines, events, recap, exitCode } = await project.run(
    `${added}
    - name: seen
      assert: { that: ["groups.fresh == ['new-1', 'new-2']", "hostvars['new-2'].number == 2"] }
- hosts: fresh
  tasks:
    - name: there
      copy: { content: "{{ greeting }} {{ number }} {{ ansible_facts.system }}", dest: "DIR/{{ inventory_hostname }}" }
`,
    { hosts: 2 },
  );
  expect(lines.slice(0, 4).sort()).toEqual([
    'a add (1) changed',
    'a add (2) changed',
    'a seen ok',
    'b seen ok',
  ]);
  expect(lines.slice(4).sort()).toEqual(['new-1 there changed', 'new-2 there changed']);
  expect(readFileSync(project.path('new-2'), 'utf8')).toBe('hello 2 Linux');
  expect(events.filter(({ type }) => type === 'play-start').at(-1)).toMatchObject({
    hosts: ['new-1', 'new-2'],
  });
  expect(Object.keys(recap)).toEqual(['a', 'b', 'new-1', 'new-2']);
  expect(exitCode).toBe(0);
});

test('a plan goes into the plays of hosts whose names are known, and says which plays it cannot know', async () => {
  const { lines, events } = await project.run(
    `${added}
- hosts: fresh
  tasks:
    - { name: there, copy: { content: x, dest: "DIR/{{ inventory_hostname }}" } }
- hosts: a
  tasks:
    - { name: make, command: echo later, register: made }
    - { name: add later, add_host: { name: "{{ made.stdout }}", groups: [late] } }
- name: For the late
  hosts: late
  tasks: [{ name: never, command: "true" }]
`,
    { check: true },
  );
  expect(lines).toEqual([
    'a add (1) changed',
    'a add (2) changed',
    'new-1 there changed',
    'new-2 there changed',
    'a make changed',
    'a add later unknown',
  ]);
  const warned = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  expect(warned).toEqual([
    expect.stringMatching(
      /^the play 'For the late' \(.*play\.yml:\d+\) is not planned: its hosts are known once 'add later' has run$/,
    ),
  ]);
});

test('--limit leaves out hosts that were added, too', async () => {
  const { lines, exitCode } = await project.run(
    `${added}
- hosts: fresh
  tasks: [{ name: there, command: "true" }]
`,
    { limit: 'a:new-2' },
  );
  expect(lines).toEqual(['a add (1) changed', 'a add (2) changed', 'new-2 there changed']);
  expect(exitCode).toBe(0);
});

test('what is in the inventory already is no change', async () => {
  const { lines } = await project.run(`${added}
    - { name: again, add_host: { name: new-1, groups: [fresh], number: 1 } }
    - { name: one more group, add_host: { name: new-1, groups: [fresh, other] } }
    - { name: other value, add_host: { name: new-1, number: 3 } }
    - { name: group, group_by: { key: some, parents: [many] } }
    - { name: group again, group_by: { key: some, parents: [many] } }
    - { name: ring, group_by: { key: many, parents: [some] } }
    - { name: port, add_host: { name: "far:2222" } }
    - { name: see, assert: { that: "hostvars['far'].ansible_ssh_port == 2222" } }
`);
  expect(lines.slice(2)).toEqual([
    'a again ok',
    'a one more group changed',
    'a other value changed',
    'a group changed',
    'a group again ok',
    'a ring changed',
    'a port changed',
    'a see ok',
  ]);
});

test('a group that hosts join is whole for all of them behind the task', async () => {
  project.write('group_vars/kind_odd.yml', 'kind: odd');
  const { lines } = await project.run(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: slow, command: sleep 0.2, when: inventory_hostname == 'b' }
    - name: group
      group_by: { key: "kind_{{ 'odd' if inventory_hostname in ['a', 'c'] else 'even' }}", parents: kinds }
    - name: see
      assert: { that: ["groups.kinds == ['a', 'b', 'c']", "'kinds' in group_names"] }
    - { name: known, debug: { msg: "{{ kind | default('none') }}" }, register: said }
- hosts: kind_odd
  tasks: [{ name: odd, assert: { that: "kind == 'odd' and said.msg == 'odd'" } }]
- hosts: kinds:!kind_odd
  tasks: [{ name: even, assert: { that: "said.msg == 'none'" } }]
`,
    { hosts: 3 },
  );
  expect(lines.filter((line) => /see|odd|even/.test(line)).sort()).toEqual([
    'a odd ok',
    'a see ok',
    'b even ok',
    'b see ok',
    'c odd ok',
    'c see ok',
  ]);
});

test('a host that joined and is not there is unreachable, and the others go on', async () => {
  const { lines, recap, exitCode } = await project.run(`${added}
    - { name: far, add_host: { name: far, groups: fresh, ansible_host: 127.0.0.1, ansible_port: 1 } }
- hosts: fresh
  tasks: [{ name: there, command: "true" }]
`);
  expect(lines.slice(3).sort()).toEqual(['new-1 there changed', 'new-2 there changed']);
  expect(recap.far).toMatchObject({ unreachable: true });
  expect(exitCode).toBe(4);
});

test('a name that no task can bring is warned of, one that a task may bring is not', async () => {
  const { events } = await project.run(`${added}
- hosts: fresh:fersh:new-7:old-7
  tasks: []
`);
  const warned = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  expect(warned.map((message) => /'(.*?)'/.exec(message)?.[1])).toEqual(['fersh', 'old-7']);
});
